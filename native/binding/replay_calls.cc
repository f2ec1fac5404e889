#include "binding/replay_calls.h"

#include <cmath>
#include <cstring>
#include <limits>

#include "binding/call_numbers.h"
#include "binding/typed_input.h"
#include "core/replay/frame_codec.h"

namespace spiq {

namespace {

struct RawArray {
  napi_typedarray_type type = napi_int8_array;
  std::size_t size = 0;
  void* data = nullptr;

  // Whether the value is a typed array.
  bool read(const Napi::Value& value) {
    return napi_get_typedarray_info(value.Env(), value, &type, &size, &data, nullptr, nullptr) ==
           napi_ok;
  }
  bool bytes() const { return type == napi_uint8_array || type == napi_uint8_clamped_array; }
};

std::size_t copyOf(const Napi::Value& value) {
  return value.IsUndefined()
             ? 0
             : static_cast<std::size_t>(wholeOf(value, "copy", 0, kMaxReplayCopies - 1));
}

// The observation in the form that is stored, in the caller's memory or the state's.
const std::uint8_t* frameOf(ReplayState& state, const Napi::Value& value) {
  RawArray given;
  const ReplayOptions& options = state.replay->options();
  if (!given.read(value) ||
      !(given.bytes() || given.type == napi_float32_array || given.type == napi_float64_array)) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, "observation",
                           "a Float32Array, a Float64Array or a Uint8Array", describe(value)));
  }
  const auto size = static_cast<std::size_t>(options.size);
  if (given.size != size) {
    throw toError(value.Env(),
                  mismatch(Code::Shape, "observation", std::to_string(size) + " values",
                           std::to_string(given.size)));
  }
  if (given.bytes() && options.type == FrameType::Uint8)
    return static_cast<const std::uint8_t*>(given.data);
  std::uint8_t* into = state.frame.data();
  Status status;
  if (given.bytes()) {
    status = encodeFrame(options.type, static_cast<const std::uint8_t*>(given.data), size, into);
  } else if (given.type == napi_float32_array) {
    status = encodeFrame(options.type, static_cast<const float*>(given.data), size, into);
  } else {
    status = encodeFrame(options.type, static_cast<const double*>(given.data), size, into);
  }
  throwIfFailed(value.Env(), status);
  return into;
}

template <class Value>
BatchTarget<Value> targetOf(const ReplayState& state, const Napi::CallbackInfo& info,
                            std::size_t rows) {
  const std::size_t values = rows * state.replay->stateSize();
  BatchTarget<Value> into;
  into.states = typedOutput<Value>(info[1], "states", values).data;
  into.actions = typedOutput<std::int32_t>(info[2], "actions", rows).data;
  into.returns = typedOutput<float>(info[3], "returns", rows).data;
  into.nextStates = typedOutput<Value>(info[4], "nextStates", values).data;
  into.discounts = typedOutput<float>(info[5], "discounts", rows).data;
  into.weights = typedOutput<float>(info[6], "weights", rows).data;
  into.probabilities = typedOutput<float>(info[7], "probabilities", rows).data;
  return into;
}

template <class Value>
void sampleRows(ReplayState& state, const Napi::CallbackInfo& info, std::size_t rows) {
  const BatchTarget<Value> into = targetOf<Value>(state, info, rows);
  double* indices = typedOutput<double>(info[8], "indices", rows).data;
  throwIfFailed(info.Env(), state.replay->sampleInto(rows, into));
  state.replay->indicesInto(indices);
}

template <class Value>
std::size_t listRows(ReplayState& state, const Napi::CallbackInfo& info, std::size_t rows) {
  const auto from = static_cast<std::size_t>(wholeOf(info[0], "first row", 0, 0x1p53));
  const BatchTarget<Value> into = targetOf<Value>(state, info, rows);
  double* indices = typedOutput<double>(info[8], "indices", rows).data;
  const std::size_t listed = takeOrThrow(info.Env(), state.replay->listInto(from, rows, into));
  state.replay->indicesInto(indices);
  return listed;
}

bool holdsBytes(const Napi::Value& value) {
  RawArray array;
  return array.read(value) && array.type == napi_uint8_array;
}

}  // namespace

Napi::Value replayBegin(ReplayState& state, const Napi::CallbackInfo& info) {
  const std::size_t copy = copyOf(info[1]);
  const std::uint8_t* frame = frameOf(state, info[0]);
  throwIfFailed(info.Env(), state.replay->begin(frame, copy));
  return {};
}

Napi::Value replayAdd(ReplayState& state, const Napi::CallbackInfo& info) {
  ReplayStep step;
  constexpr double kLeast = std::numeric_limits<std::int32_t>::min();
  constexpr double kMost = std::numeric_limits<std::int32_t>::max();
  step.action = static_cast<std::int32_t>(wholeOf(info[0], "action", kLeast, kMost));
  step.reward = static_cast<float>(numberOf(info[1], "reward"));
  const auto flags = static_cast<unsigned>(numberOf(info[3], "flags"));
  step.terminated = (flags & ReplayFlag::Terminated) != 0;
  step.truncated = (flags & ReplayFlag::Truncated) != 0;
  step.lifeLost = (flags & ReplayFlag::LifeLost) != 0;
  step.discard = (flags & ReplayFlag::Discard) != 0;
  const std::size_t copy = copyOf(info[4]);
  const std::uint8_t* frame = frameOf(state, info[2]);
  throwIfFailed(info.Env(), state.replay->add(step, frame, copy));
  return {};
}

Napi::Value replayCurrent(ReplayState& state, const Napi::CallbackInfo& info) {
  const std::size_t copy = copyOf(info[0]);
  const std::size_t size = state.replay->stateSize();
  if (holdsBytes(info[1])) {
    std::uint8_t* bytes = typedOutput<std::uint8_t>(info[1], "state", size).data;
    throwIfFailed(info.Env(), state.replay->state(copy, bytes));
  } else {
    float* reals = typedOutput<float>(info[1], "state", size).data;
    throwIfFailed(info.Env(), state.replay->state(copy, reals));
  }
  return {};
}

Napi::Value replaySample(ReplayState& state, const Napi::CallbackInfo& info) {
  const auto rows =
      static_cast<std::size_t>(wholeOf(info[0], "rows of a batch", 1, kMaxReplayBatch));
  if (holdsBytes(info[1])) {
    sampleRows<std::uint8_t>(state, info, rows);
  } else {
    sampleRows<float>(state, info, rows);
  }
  return {};
}

Napi::Value replayList(ReplayState& state, const Napi::CallbackInfo& info) {
  RawArray actions;
  const std::size_t rows = actions.read(info[2]) ? actions.size : 0;
  const std::size_t listed = holdsBytes(info[1]) ? listRows<std::uint8_t>(state, info, rows)
                                                 : listRows<float>(state, info, rows);
  return Napi::Number::New(info.Env(), static_cast<double>(listed));
}

Napi::Value replaySetPriorities(ReplayState& state, const Napi::CallbackInfo& info) {
  const TypedInput<double> given(info[0], "indices");
  const TypedInput<float> errors(info[1], "errors");
  const View<const double> numbers = given.view();
  std::vector<std::int64_t>& indices = state.indices;
  indices.resize(numbers.size);
  for (std::size_t i = 0; i < numbers.size; ++i) {
    // Beyond 2^53 nothing is a number of a row; -1 is refused like it.
    const bool whole =
        numbers[i] >= 0 && numbers[i] <= 0x1p53 && std::floor(numbers[i]) == numbers[i];
    indices[i] = whole ? static_cast<std::int64_t>(numbers[i]) : -1;
  }
  throwIfFailed(info.Env(),
                state.replay->setPriorities({indices.data(), indices.size()}, errors.view()));
  return {};
}

Napi::Value replaySize(ReplayState& state, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(state.replay->size()));
}

Napi::Value replayRows(ReplayState& state, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), static_cast<double>(state.replay->rows()));
}

Napi::Value replayBeta(ReplayState& state, const Napi::CallbackInfo& info) {
  return Napi::Number::New(info.Env(), state.replay->beta());
}

}  // namespace spiq
