#include "core/learn/optimiser.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace spiq {

namespace {

// Below this many values a thread costs more than it takes over.
constexpr std::size_t kValuesWorthThreads = 65536;

// What a double counts without gaps.
constexpr std::uint64_t kMostUpdates = std::uint64_t{1} << 53;

// PyTorch's, so that a norm of 0 divides nothing.
constexpr double kNormMargin = 1e-6;

template <class Task>
void split(std::size_t tasks, std::size_t values, Control& control, const Task& task) {
  if (control.threads == 1 || values < kValuesWorthThreads) {
    for (std::size_t index = 0; index < tasks; ++index) task(index, std::size_t{0});
    return;
  }
  control.pool.run(tasks, control.threads, task);
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
                           const std::vector<Parameter<Real>>& parameters,
                           const Backend<Real>& backend)
    : options_(options), backend_(backend) {
  std::size_t total = 0;
  for (const auto& parameter : parameters) total += parameter.values.size;
  memory_.assign(momentsOf(options), AlignedVector<Real>(total, Real(0)));
  std::size_t before = 0;
  for (const auto& parameter : parameters) {
    firstBlock_.push_back(blocks_.size());
    for (std::size_t at = 0; at < parameter.values.size; at += kMost) {
      Moved<Real> moved{parameter.values.data + at,
                        parameter.gradient.data + at,
                        {},
                        std::min(kMost, parameter.values.size - at),
                        static_cast<Real>(parameter.least),
                        static_cast<Real>(parameter.most)};
      // Rules touch no more moments than there are.
      for (std::size_t m = 0; m < memory_.size(); ++m)
        moved.moments[m] = memory_[m].data() + before + at;
      blocks_.push_back({moved, decays(parameter.field), firstBlock_.size() - 1});
    }
    before += parameter.values.size;
  }
  squares_.resize(blocks_.size());
  firstBlock_.push_back(blocks_.size());
  postponed_.resize(parameters.size());
}

template <class Real>
bool Optimiser<Real>::takesPieces() const {
  return std::isinf(options_.clipNorm);
}

template <class Real>
Status Optimiser<Real>::step(Control& control, const std::vector<GradientPieces<Real>>& pieces) {
  postpone(pieces, control);
  std::size_t values = 0;
  for (const Block& block : blocks_) values += postponed_[block.parameter] ? 0 : block.moved.size;
  const auto overBlocks = [&](const auto& task) {
    split(blocks_.size(), values, control, [&](std::size_t index, std::size_t /*worker*/) {
      if (!postponed_[blocks_[index].parameter]) task(index, blocks_[index]);
    });
  };
  const auto clip = static_cast<Real>(options_.clipValue);
  std::fill(squares_.begin(), squares_.end(), 0.0);
  overBlocks([&](std::size_t index, const Block& block) {
    squares_[index] = backend_.sumOfSquares(block.moved.gradient, block.moved.size, clip);
  });
  double square = std::accumulate(squares_.begin(), squares_.end(), 0.0);
  const double scale = std::min(1.0, options_.clipNorm / (std::sqrt(square) + kNormMargin));
  // Running squares must be finite too.
  if (!std::isfinite(static_cast<Real>(square * scale * scale))) {
    return mismatch(Code::NotFinite, "gradients", "numbers whose squares are finite",
                    "some that overflowed");
  }
  const Step step = stepOf(scale);
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (postponed_[pieces[i].parameter]) square += move(pieces[i], pieceSquares_[i], step, control);
  }
  overBlocks([&](std::size_t /*index*/, const Block& block) {
    backend_.move(block.decays ? step.decaying : step.others, block.moved);
  });
  norm_ = std::sqrt(square);
  ++updates_;
  return {};
}

template <class Real>
void Optimiser<Real>::postpone(const std::vector<GradientPieces<Real>>& pieces, Control& control) {
  std::fill(postponed_.begin(), postponed_.end(), false);
  pieceSquares_.resize(std::max(pieceSquares_.size(), pieces.size()));
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    const GradientPieces<Real>& some = pieces[i];
    pieceSquares_[i].resize(some.count);
    const Moved<Real>& first = blocks_[firstBlock_[some.parameter]].moved;
    const Moved<Real>& last = blocks_[firstBlock_[some.parameter + 1] - 1].moved;
    const std::size_t size = static_cast<std::size_t>(last.values - first.values) + last.size;
    // Once values have been moved nothing can be refused any more.
    const double square = some.most * some.most * static_cast<double>(size);
    postponed_[some.parameter] = std::isfinite(static_cast<Real>(square));
    if (postponed_[some.parameter]) continue;
    split(some.count, size, control, [&](std::size_t index, std::size_t worker) {
      const auto piece = some.make(index, worker);
      std::copy_n(piece.gradient, piece.size, first.gradient + piece.first);
    });
  }
}

template <class Real>
double Optimiser<Real>::move(const GradientPieces<Real>& pieces, std::vector<double>& squares,
                             const Step& step, Control& control) {
  const Block& first = blocks_[firstBlock_[pieces.parameter]];
  const MoveParams<Real>& params = first.decays ? step.decaying : step.others;
  split(pieces.count, kValuesWorthThreads, control, [&](std::size_t index, std::size_t worker) {
    const auto piece = pieces.make(index, worker);
    Moved<Real> moved = first.moved;
    moved.values += piece.first;
    for (std::size_t m = 0; m < memory_.size(); ++m) moved.moments[m] += piece.first;
    moved.gradient = piece.gradient;
    moved.size = piece.size;
    squares[index] = backend_.sumOfSquares(moved.gradient, moved.size, params.clip);
    backend_.move(params, moved);
  });
  return std::accumulate(squares.begin(), squares.end(), 0.0);
}

template <class Real>
auto Optimiser<Real>::stepOf(double scale) const -> Step {
  Step step{paramsOf(scale), {}};
  step.others = step.decaying;
  step.others.weightDecay = Real(0);
  step.others.shrink = Real(1);
  return step;
}

template <class Real>
MoveParams<Real> Optimiser<Real>::paramsOf(double scale) const {
  const auto real = [](double value) { return static_cast<Real>(value); };
  const OptimiserOptions& o = options_;
  const auto update = static_cast<double>(updates_ + 1);
  MoveParams<Real> params{};
  params.rate = real(learningRate());
  params.weightDecay = real(o.weightDecay);
  params.momentum = real(o.momentum);
  params.decay = real(o.decay);
  params.fresh = real(1.0 - o.decay);
  params.epsilon = real(o.epsilon);
  params.clip = real(o.clipValue);
  params.scale = real(scale);
  switch (o.kind) {
    case OptimiserKind::Sgd:
      params.rule = o.momentum == 0.0 ? MoveRule::Plain : MoveRule::Sgd;
      params.direct = real(o.nesterov ? 1.0 : 0.0);
      params.repeated = real(o.nesterov ? o.momentum : 1.0);
      break;
    case OptimiserKind::Rmsprop:
      params.rule = momentsOf(o) == 1 ? MoveRule::Rmsprop : MoveRule::RmspropMomentum;
      params.centred = real(o.centred ? 1.0 : 0.0);
      break;
    case OptimiserKind::RmspropNature:
      params.rule = MoveRule::RmspropNature;
      params.freshMean = real(1.0 - o.momentum);
      break;
    case OptimiserKind::RmspropNeon:
      params.rule = MoveRule::RmspropNeon;
      break;
    case OptimiserKind::Adam:
    case OptimiserKind::AdamW:
      params.rule = MoveRule::Adam;
      params.rate = real(learningRate() / (1.0 - std::pow(o.beta1, update)));
      params.freshMean = real(1.0 - o.beta1);
      params.decay = real(o.beta2);
      params.fresh = real(1.0 - o.beta2);
      params.widen = real(1.0 / std::sqrt(1.0 - std::pow(o.beta2, update)));
      params.shrink = real(1.0 - learningRate() * o.weightDecay);
      break;
  }
  return params;
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
  return updates_ < kMostUpdates && std::isfinite(norm_) &&
         std::all_of(memory_.begin(), memory_.end(), all);
}

template class Optimiser<float>;
template class Optimiser<double>;

}  // namespace spiq
