// What this machine can do: `machine THREADS BYTES...` prints float additions a second and, for each working set read
// again and again, bytes a second. The best of several samples: a limit is what the machine does when nothing disturbs.
#include <chrono>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

// The compiler splits it where registers are narrower.
typedef float Lanes __attribute__((vector_size(64)));
constexpr std::size_t lanesEach = sizeof(Lanes) / sizeof(float);
// Enough sums at once to hide the latency of an addition, few enough to stay in registers.
constexpr std::size_t sums = 8;
constexpr std::size_t vectorsBetweenLooks = 1 << 18;
constexpr int samples = 7;
constexpr double sampleSeconds = 0.15;

double now() {
  const auto since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::duration<double>(since).count();
}

// Adds every vector of `data`, whose length is a multiple of `sums`, so many times over.
float addAll(const std::vector<Lanes>& data, std::size_t passes) {
  Lanes total[sums] = {};
  for (std::size_t pass = 0; pass < passes; ++pass)
    for (std::size_t i = 0; i < data.size(); i += sums)
      for (std::size_t k = 0; k < sums; ++k) total[k] += data[i + k];
  float result = 0;
  for (const Lanes& lanes : total)
    for (std::size_t k = 0; k < lanesEach; ++k) result += lanes[k];
  return result;
}

// Vectors added a second by all threads together, each over a working set of its own of `vectors`.
double vectorsPerSecond(unsigned threads, std::size_t vectors) {
  double best = 0;
  for (int sample = 0; sample < samples; ++sample) {
    std::vector<double> rates(threads);
    std::vector<std::thread> team;
    for (unsigned t = 0; t < threads; ++t) {
      team.emplace_back([&rates, t, vectors] {
        const std::vector<Lanes> data(vectors);
        // A look at the clock must cost nothing beside the passes before it.
        const std::size_t stretch = 1 + vectorsBetweenLooks / vectors;
        volatile float sink = addAll(data, 1);
        std::size_t passes = 0;
        const double begin = now();
        double passed = 0;
        do {
          sink = addAll(data, stretch);
          passes += stretch;
          passed = now() - begin;
        } while (passed < sampleSeconds);
        static_cast<void>(sink);
        rates[t] = static_cast<double>(passes * vectors) / passed;
      });
    }
    double total = 0;
    for (auto& member : team) member.join();
    for (double rate : rates) total += rate;
    if (total > best) best = total;
  }
  return best;
}

std::size_t vectorsOf(std::size_t bytes) {
  const std::size_t step = sums * sizeof(Lanes);
  return (bytes < step ? 1 : bytes / step) * sums;
}

}  // namespace

int main(int count, char** words) {
  if (count < 2) return 2;
  const auto threads = static_cast<unsigned>(std::atoi(words[1]));
  constexpr std::size_t inFirstCache = 16 << 10;
  const double additions = vectorsPerSecond(threads, vectorsOf(inFirstCache)) * lanesEach;
  std::printf("{\"additions\": %.0f, \"bandwidth\": [", additions);
  for (int i = 2; i < count; ++i) {
    const std::size_t bytes = std::strtoull(words[i], nullptr, 10);
    const double rate = vectorsPerSecond(threads, vectorsOf(bytes / threads)) * sizeof(Lanes);
    std::printf("%s{\"bytes\": %zu, \"rate\": %.0f}", i == 2 ? "" : ", ", bytes, rate);
  }
  std::printf("]}\n");
  return 0;
}
