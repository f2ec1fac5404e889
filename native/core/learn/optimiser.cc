#include "core/learn/optimiser.h"

#include <algorithm>
#include <cmath>

#include "core/learn/optimiser_sweep.h"

namespace spiq {

namespace {

// Below this many values a thread costs more than it takes over.
constexpr std::size_t kValuesWorthThreads = 65536;

// What a double counts without gaps.
constexpr std::uint64_t kMostUpdates = std::uint64_t{1} << 53;

// PyTorch's, so that a norm of 0 divides nothing.
constexpr double kNormMargin = 1e-6;

template <class Task>
void overBlocks(std::size_t blocks, std::size_t values, Control& control, const Task& task) {
  if (control.threads == 1 || values < kValuesWorthThreads) {
    for (std::size_t block = 0; block < blocks; ++block) task(block);
    return;
  }
  control.pool.run(blocks, control.threads, [&](std::size_t block, std::size_t) { task(block); });
}

bool decays(const std::string& field) {
  return field == "weight" || field == "bias" || field == "factor" || field == "offset" ||
         field == "scale" || field == "shift";
}

}  // namespace

std::size_t momentsOf(const OptimiserOptions& options) {
  switch (options.kind) {
    case OptimiserKind::Sgd:
      return options.momentum == 0.0 ? 0 : 1;
    case OptimiserKind::Rmsprop:
      return options.momentum == 0.0 && !options.centred ? 1 : 3;
    case OptimiserKind::RmspropNeon:
      return 1;
    case OptimiserKind::RmspropNature:
    case OptimiserKind::Adam:
    case OptimiserKind::AdamW:
      return 2;
  }
  return 0;
}

template <class Real>
Optimiser<Real>::Optimiser(const OptimiserOptions& options,
                           const std::vector<Parameter<Real>>& parameters)
    : options_(options) {
  using Block = OptimiserBlock<Real>;
  std::size_t total = 0;
  for (const auto& parameter : parameters) total += parameter.values.size;
  memory_.assign(momentsOf(options), AlignedVector<Real>(total, Real(0)));
  std::size_t before = 0;
  for (const auto& parameter : parameters) {
    const auto least = static_cast<Real>(parameter.least);
    const auto most = static_cast<Real>(parameter.most);
    for (std::size_t at = 0; at < parameter.values.size; at += Block::kMost) {
      Block block{parameter.values.data + at,
                  parameter.gradient.data + at,
                  {},
                  std::min(Block::kMost, parameter.values.size - at),
                  least,
                  most,
                  decays(parameter.field)};
      // Rules touch no more moments than there are.
      for (std::size_t m = 0; m < Block::kMoments; ++m)
        block.moments[m] = m < memory_.size() ? memory_[m].data() + before + at : nullptr;
      blocks_.push_back(block);
    }
    before += parameter.values.size;
  }
  squares_.resize(blocks_.size());
}

template <class Real>
Status Optimiser<Real>::step(Control& control) {
  std::size_t values = 0;
  for (const auto& block : blocks_) values += block.size;
  overBlocks(blocks_.size(), values, control, [&](std::size_t block) {
    squares_[block] = sumOfSquares(blocks_[block], options_.clipValue);
  });
  double square = 0.0;
  for (const double part : squares_) square += part;
  const double norm = std::sqrt(square);
  const double scale = std::min(1.0, options_.clipNorm / (norm + kNormMargin));
  // Running squares must be finite too.
  if (!std::isfinite(static_cast<Real>(square * scale * scale))) {
    return mismatch(Code::NotFinite, "gradients", "numbers whose squares are finite",
                    "some that overflowed");
  }
  norm_ = norm;
  const OptimiserStep step{options_, learningRate(), scale, updates_ + 1};
  overBlocks(blocks_.size(), values, control,
             [&](std::size_t block) { sweep(blocks_[block], step); });
  ++updates_;
  return {};
}

template <class Real>
void Optimiser<Real>::exchange(StateBytes& bytes) {
  bytes.pass(&updates_, 1);
  bytes.pass(&norm_, 1);
  for (auto& moment : memory_) bytes.pass(moment.data(), moment.size());
}

template <class Real>
bool Optimiser<Real>::sound() const {
  const auto all = [](const AlignedVector<Real>& values) {
    return std::all_of(values.begin(), values.end(), [](Real v) { return std::isfinite(v); });
  };
  return updates_ < kMostUpdates && std::isfinite(norm_) && std::all_of(memory_.begin(), memory_.end(), all);
}

template class Optimiser<float>;
template class Optimiser<double>;

}  // namespace spiq
