#pragma once

#include <napi.h>

#include "binding/replay_wrap.h"

// The small calls of a replay memory, made once or more for every step of an environment.

namespace spiq {

// begin(observation, copy)
Napi::Value replayBegin(ReplayState& state, const Napi::CallbackInfo& info);
// add(action, reward, observation, flags, copy); the flags are those of `ReplayFlag`
Napi::Value replayAdd(ReplayState& state, const Napi::CallbackInfo& info);
// state(copy, into)
Napi::Value replayCurrent(ReplayState& state, const Napi::CallbackInfo& info);
// sample(rows, states, actions, returns, nextStates, discounts, weights, probabilities, indices)
Napi::Value replaySample(ReplayState& state, const Napi::CallbackInfo& info);
// list(first row, states … indices as above) gives how many there were
Napi::Value replayList(ReplayState& state, const Napi::CallbackInfo& info);
// setPriorities(indices, errors)
Napi::Value replaySetPriorities(ReplayState& state, const Napi::CallbackInfo& info);
Napi::Value replaySize(ReplayState& state, const Napi::CallbackInfo& info);
Napi::Value replayRows(ReplayState& state, const Napi::CallbackInfo& info);
Napi::Value replayBeta(ReplayState& state, const Napi::CallbackInfo& info);

// As ts/replay.ts has them.
enum ReplayFlag : unsigned { Terminated = 1, Truncated = 2, LifeLost = 4, Discard = 8 };

}  // namespace spiq
