#include <algorithm>
#include <cmath>
#include <vector>

#include "core/frames/byte_resize_forms.h"

namespace spiq {

namespace {

constexpr float kOne = 2048;  // of a weight

// Two neighbours in the source for a value of the result, and their weights.
struct Pair {
  std::size_t first;
  std::size_t second;
  int firstWeight;
  int secondWeight;
};

struct Place {
  std::int64_t left;
  float share;  // of the neighbour on the right
};

Place placeOf(std::size_t o, double scale, double inverse, Between rule) {
  const auto at = static_cast<double>(o);
  if (rule == Between::Centres) {
    const auto place = static_cast<float>((at + 0.5) * scale - 0.5);
    const float left = std::floor(place);
    return {static_cast<std::int64_t>(left), place - left};
  }
  const double left = std::floor(at * scale);
  const auto share = static_cast<float>(at + 1 - (left + 1) * inverse);
  return {static_cast<std::int64_t>(left), share <= 0 ? 0 : share - std::floor(share)};
}

enum class Axis { Rows, Columns };

std::vector<Pair> pairsOf(std::size_t from, std::size_t to, Between rule, Axis axis) {
  const double inverse = static_cast<double>(to) / static_cast<double>(from);
  const auto last = static_cast<std::int64_t>(from) - 1;
  const auto inside = [&](std::int64_t at) {
    return static_cast<std::size_t>(std::clamp<std::int64_t>(at, 0, last));
  };
  const auto weight = [](float share) { return static_cast<int>(std::nearbyint(share * kOne)); };
  std::vector<Pair> pairs;
  for (std::size_t o = 0; o < to; ++o) {
    auto [left, share] = placeOf(o, 1 / inverse, inverse, rule);
    // Beyond the border a column counts as a whole; a row as both parts of one, each rounded.
    if (axis == Axis::Columns && (left < 0 || left >= last)) share = 0;
    pairs.push_back({inside(left), inside(left + 1), weight(1 - share), weight(share)});
  }
  return pairs;
}

class BetweenResize final : public ByteResize {
 public:
  BetweenResize(ImageSize from, ImageSize to, Between rule)
      : width_(from.width),
        rows_(pairsOf(from.height, to.height, rule, Axis::Rows)),
        columns_(pairsOf(from.width, to.width, rule, Axis::Columns)) {}

  void run(const std::uint8_t* image, std::uint8_t* into) override {
    for (const Pair& pair : rows_) {
      const std::uint8_t* first = image + pair.first * width_;
      const std::uint8_t* second = image + pair.second * width_;
      for (const Pair& column : columns_) {
        const int sum = (pair.firstWeight * across(first, column) >> 16) +
                        (pair.secondWeight * across(second, column) >> 16);
        *into++ = static_cast<std::uint8_t>((sum + 2) >> 2);
      }
    }
  }

 private:
  // With 7 bits behind the point.
  static int across(const std::uint8_t* row, const Pair& pair) {
    return (row[pair.first] * pair.firstWeight + row[pair.second] * pair.secondWeight) >> 4;
  }

  std::size_t width_;
  std::vector<Pair> rows_;
  std::vector<Pair> columns_;
};

}  // namespace

std::unique_ptr<ByteResize> betweenResize(ImageSize from, ImageSize to, Between rule) {
  return std::make_unique<BetweenResize>(from, to, rule);
}

}  // namespace spiq
