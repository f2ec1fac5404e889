#include "binding/record_fields.h"

#include "core/plan/simulation_options.h"

namespace spiq {

namespace {

// Of each layer whether it is chosen; a layer beyond the network's is chosen in vain.
void readLayers(Fields& fields, const char* name, std::vector<bool>& chosen) {
  const Napi::Value value = fields.value(name);
  if (value.IsUndefined()) return;
  if (!value.IsTypedArray() || value.As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    throw toError(value.Env(), mismatch(Code::Argument, name, "a Uint8Array", describe(value)));
  }
  const auto flags = value.As<Napi::Uint8Array>();
  for (std::size_t i = 0; i < flags.ElementLength(); ++i) chosen.push_back(flags[i] != 0);
}

}  // namespace

void readRecord(const Napi::Value& value, RecordRequest& record) {
  if (value.IsUndefined()) return;
  Fields fields(value, "record");
  fields.boolean("counts", record.counts);
  fields.boolean("trace", record.trace);
  fields.boolean("activity", record.activity);
  fields.boolean("operations", record.operations);
  readLayers(fields, "rasters", record.rasters);
  readLayers(fields, "potentials", record.potentials);
  fields.finish();
}

void readAnytime(const Napi::Value& value, AnytimeRequest& request) {
  if (value.IsUndefined()) return;
  Fields fields(value, "anytime");
  const Napi::Value steps = fields.value("steps");
  const Napi::Value exit = fields.value("exit");
  fields.finish();
  if (!steps.IsUndefined()) {
    if (!steps.IsTypedArray() ||
        steps.As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
      throw toError(steps.Env(),
                    mismatch(Code::Argument, "steps of outputs", "an Int32Array", describe(steps)));
    }
    const auto list = steps.As<Napi::Int32Array>();
    request.steps.assign(list.Data(), list.Data() + list.ElementLength());
  }
  if (exit.IsUndefined()) return;
  Fields rule(exit, "early exit");
  ExitRule& read = request.exit.emplace();
  rule.number("margin", read.margin);
  rule.integer("patience", read.patience, 1, kMaxSteps);
  rule.integer("least", read.least, 1, kMaxSteps);
  rule.boolean("verify", read.verify);
  rule.finish();
}

}  // namespace spiq
