#include "core/replay/frame_codec.h"

#include <cmath>
#include <cstring>
#include <string>

namespace spiq {

namespace {

Status refused(std::size_t element, const char* expected, double value) {
  return mismatch(std::isfinite(value) ? Code::Range : Code::NotFinite,
                  "observation element " + std::to_string(element), expected, showNumber(value));
}

template <class Value>
Status encodeFloats(const Value* values, std::size_t size, std::uint8_t* into) {
  for (std::size_t i = 0; i < size; ++i) {
    const auto value = static_cast<float>(values[i]);
    if (!std::isfinite(value))
      return refused(i, "a finite float32", static_cast<double>(values[i]));
    std::memcpy(into + i * sizeof value, &value, sizeof value);
  }
  return {};
}

template <class Value>
Status encodeBytes(const Value* values, std::size_t size, std::uint8_t* into) {
  for (std::size_t i = 0; i < size; ++i) {
    const Value value = values[i];
    if (!(value >= 0 && value <= 255) || std::floor(value) != value)
      return refused(i, "a whole number from 0 to 255", static_cast<double>(value));
    into[i] = static_cast<std::uint8_t>(value);
  }
  return {};
}

template <class Value>
Status encodeBits(const Value* values, std::size_t size, std::uint8_t* into) {
  std::memset(into, 0, storedBytes(FrameType::Bits, static_cast<std::int64_t>(size)));
  for (std::size_t i = 0; i < size; ++i) {
    const Value value = values[i];
    if (value != 0 && value != 1) return refused(i, "0 or 1", static_cast<double>(value));
    if (value != 0) into[i / 8] |= static_cast<std::uint8_t>(0x80U >> (i % 8));
  }
  return {};
}

template <class Value>
Status encode(FrameType type, const Value* values, std::size_t size, std::uint8_t* into) {
  switch (type) {
    case FrameType::Uint8:
      return encodeBytes(values, size, into);
    case FrameType::Bits:
      return encodeBits(values, size, into);
    case FrameType::Float32:
      break;
  }
  return encodeFloats(values, size, into);
}

template <class Out>
void unpack(const std::uint8_t* stored, std::size_t size, Out* into) {
  for (std::size_t i = 0; i < size; ++i)
    into[i] = static_cast<Out>((stored[i / 8] >> (7 - i % 8)) & 1U);
}

}  // namespace

std::size_t storedBytes(FrameType type, std::int64_t size) {
  const auto values = static_cast<std::size_t>(size);
  if (type == FrameType::Float32) return values * sizeof(float);
  return type == FrameType::Uint8 ? values : (values + 7) / 8;
}

Status encodeFrame(FrameType type, const float* values, std::size_t size, std::uint8_t* into) {
  return encode(type, values, size, into);
}

Status encodeFrame(FrameType type, const double* values, std::size_t size, std::uint8_t* into) {
  return encode(type, values, size, into);
}

Status encodeFrame(FrameType type, const std::uint8_t* values, std::size_t size,
                   std::uint8_t* into) {
  if (type != FrameType::Uint8) return encode(type, values, size, into);
  std::memcpy(into, values, size);
  return {};
}

void decodeFrame(FrameType type, const std::uint8_t* stored, std::size_t size, float* into) {
  if (type == FrameType::Float32) {
    std::memcpy(into, stored, size * sizeof(float));
  } else if (type == FrameType::Bits) {
    unpack(stored, size, into);
  } else {
    for (std::size_t i = 0; i < size; ++i) into[i] = static_cast<float>(stored[i]);
  }
}

void decodeFrame(FrameType type, const std::uint8_t* stored, std::size_t size, std::uint8_t* into) {
  if (type == FrameType::Bits) {
    unpack(stored, size, into);
  } else {
    std::memcpy(into, stored, size);
  }
}

}  // namespace spiq
