#include "binding/chip_fields.h"

#include "binding/arrays.h"
#include "binding/fields.h"
#include "binding/typed_input.h"

namespace spiq {

namespace {

constexpr std::int64_t kMaxUnits = std::int64_t{1} << 24;

template <class T>
std::vector<T> copied(const Napi::Value& value, const std::string& what) {
  const TypedInput<T> input(value, what.c_str());
  return {input.view().data, input.view().data + input.view().size};
}

Shifts shiftsFromJs(const Napi::Value& value, const std::string& what) {
  const std::vector<std::int32_t> given = copied<std::int32_t>(value, what);
  if (given.size() != 2) {
    throw toError(value.Env(), mismatch(Code::Shape, what, "an excitatory and an inhibitory one",
                                        std::to_string(given.size()) + " values"));
  }
  for (const std::int32_t shift : given) {
    if (shift >= 0 && shift <= kMaxShift) continue;
    throw toError(value.Env(), mismatch(Code::Range, what,
                                        "whole numbers from 0 to " + std::to_string(kMaxShift),
                                        std::to_string(shift)));
  }
  return {given[0], given[1]};
}

ChipLayerSpec layerFromJs(const Napi::Value& value, std::uint32_t index) {
  const std::string what = "layer " + std::to_string(index);
  Fields fields(value, what);
  const auto label = [&](const char* name) { return what + " '" + name + "'"; };
  ChipLayerSpec layer;
  std::int64_t units = 0;
  fields.integer("units", units, 1, kMaxUnits);
  layer.units = static_cast<std::size_t>(units);
  fields.boolean("fires", layer.fires);
  const Napi::Value pre = fields.value("pre");
  const Napi::Value post = fields.value("post");
  const Napi::Value weights = fields.value("value");
  layer.dense = copied<double>(fields.value("dense"), label("dense"));
  if (!pre.IsUndefined()) {
    layer.list = ConnectionList{copied<std::uint32_t>(pre, label("pre")),
                                copied<std::uint32_t>(post, label("post")),
                                copied<double>(weights, label("value"))};
  }
  layer.bias = copied<double>(fields.value("bias"), label("bias"));
  layer.thresholds = copied<double>(fields.value("thresholds"), label("thresholds"));
  const Napi::Value initial = fields.value("initial");
  if (!initial.IsUndefined()) layer.initial = copied<double>(initial, label("initial"));
  const Napi::Value shifts = fields.value("shifts");
  if (!shifts.IsUndefined()) layer.shifts = shiftsFromJs(shifts, label("shifts"));
  fields.finish();
  return layer;
}

}  // namespace

ChipSpec chipFromJs(const Napi::Value& value) {
  Fields fields(value, "network");
  ChipSpec spec;
  std::int64_t inputs = 0;
  fields.integer("inputs", inputs, 1, kMaxUnits);
  spec.inputs = static_cast<std::size_t>(inputs);
  const Napi::Value layers = fields.required("layers", "an array");
  fields.finish();
  if (!layers.IsArray()) {
    throw toError(value.Env(),
                  mismatch(Code::Argument, "network 'layers'", "an array", describe(layers)));
  }
  const auto array = layers.As<Napi::Array>();
  for (std::uint32_t l = 0; l < array.Length(); ++l)
    spec.layers.push_back(layerFromJs(array.Get(l), l));
  return spec;
}

Napi::Value chipToJs(Napi::Env env, const Chip& chip) {
  Napi::Array layers = Napi::Array::New(env, chip.layers().size());
  for (std::uint32_t l = 0; l < chip.layers().size(); ++l) {
    const ChipLayer& layer = chip.layers()[l];
    const Receptors& receptors = layer.receptors;
    Napi::Object object = Napi::Object::New(env);
    object.Set("shifts", toJs(env, std::vector<std::int32_t>{receptors.each[0].shift,
                                                             receptors.each[1].shift}));
    object.Set("connections", static_cast<double>(receptors.connections));
    object.Set("vanished", static_cast<double>(receptors.vanished));
    object.Set("largestError", receptors.largestError);
    object.Set("unaligned", static_cast<double>(layer.unaligned));
    layers.Set(l, object);
  }
  return layers;
}

}  // namespace spiq
