// One candidate at one thread count, driven line by line over standard input so that the runner can take
// turns between processes:  check|time <transpose a> <transpose b> <rows> <depth> <columns> [milliseconds]
// Answers are one line of JSON each.
#include <chrono>
#include <cstdio>
#include <exception>
#include <iostream>
#include <sstream>

#include "candidate.h"
#include "check.h"

namespace {

using products::Case;
using products::Multiply;
using Clock = std::chrono::steady_clock;

double nanoseconds(Clock::duration d) { return std::chrono::duration<double, std::nano>(d).count(); }

double timeCalls(const Multiply& multiply, const Case& shape, const products::Operands& in, float* c,
                 int calls) {
  const Clock::time_point begin = Clock::now();
  for (int call = 0; call < calls; ++call) multiply(shape, in.a.data(), in.b.data(), c);
  return nanoseconds(Clock::now() - begin) / calls;
}

void answerTimes(const Multiply& multiply, const Case& shape, double milliseconds) {
  const products::Operands in = products::makeOperands(shape);
  std::vector<float> c(static_cast<std::size_t>(shape.rows) * static_cast<std::size_t>(shape.columns));
  // Warm-up lasts a third of the turn: caches, clock rate, sleeping worker threads.
  const double budget = milliseconds * 1e6;
  const Clock::time_point start = Clock::now();
  int warm = 0;
  do timeCalls(multiply, shape, in, c.data(), 1);
  while (++warm < 2 || nanoseconds(Clock::now() - start) < budget / 3);
  // A sample lasts at least 20 microseconds: the clock itself costs about 25 nanoseconds.
  const double each = nanoseconds(Clock::now() - start) / warm;
  const int calls = each >= 20e3 ? 1 : static_cast<int>(20e3 / each) + 1;
  std::printf("{\"nanoseconds\":[");
  const Clock::time_point begin = Clock::now();
  for (int sample = 0; sample < 2 || nanoseconds(Clock::now() - begin) < budget; ++sample)
    std::printf(sample == 0 ? "%.1f" : ",%.1f", timeCalls(multiply, shape, in, c.data(), calls));
  std::printf("]}\n");
}

void answerCheck(const Multiply& multiply, const Case& shape) {
  const products::Verdict v = products::check(multiply, shape, products::makeOperands(shape));
  const char* row = !v.checksRow ? "null" : v.rowIndependent ? "true" : "false";
  std::printf("{\"largestError\":\"%.3e\",\"bits\":\"%016llx\",\"repeats\":%s,\"rowIndependent\":%s}\n",
              v.largestError, static_cast<unsigned long long>(v.bits), v.repeats ? "true" : "false", row);
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 5) throw std::runtime_error("usage: trial KIND LIBRARY PREFIX THREADS");
  const Multiply multiply =
      products::openCandidate(arguments[1], arguments[2], arguments[3], std::stoi(arguments[4]));
  std::puts("{\"ready\":true}");
  std::fflush(stdout);
  for (std::string line; std::getline(std::cin, line);) {
    std::istringstream words(line);
    std::string command;
    Case shape{};
    words >> command >> shape.transposeA >> shape.transposeB >> shape.rows >> shape.depth >>
        shape.columns;
    if (!words) throw std::runtime_error("cannot read the line: " + line);
    double milliseconds = 0;
    if (command == "check") answerCheck(multiply, shape);
    else if (command == "time" && words >> milliseconds) answerTimes(multiply, shape, milliseconds);
    else throw std::runtime_error("unknown command: " + line);
    std::fflush(stdout);
  }
  return 0;
} catch (const std::exception& error) {
  std::printf("{\"error\":\"%s\"}\n", error.what());
  return 1;
}
