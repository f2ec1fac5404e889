#pragma once

#include <cstdint>
#include <cstring>
#include <iomanip>
#include <sstream>
#include <string>
#include <type_traits>
#include <vector>

#include "core/sim/simulate.h"

namespace spiq::tests {

// 64-bit FNV-1a (Fowler, Noll, Vo) over bit patterns, lowest byte first.
class Checksum {
 public:
  template <class T>
  void add(const std::vector<T>& values) {
    using Bits =
        std::conditional_t<sizeof(T) == 1, std::uint8_t,
                           std::conditional_t<sizeof(T) == 4, std::uint32_t, std::uint64_t>>;
    static_assert(sizeof(Bits) == sizeof(T));
    for (const T& value : values) {
      Bits bits;
      std::memcpy(&bits, &value, sizeof bits);
      for (unsigned byte = 0; byte < sizeof bits; ++byte)
        addByte(static_cast<std::uint8_t>(std::uint64_t{bits} >> (8 * byte)));
    }
  }
  template <class Real>
  void add(const SimulationResult<Real>& result) {
    add(result.out);
    add(result.steps);
    add(result.totalSpikes);
    for (const auto& counts : result.counts) add(counts);
    for (const LayerTrace<Real>& trace : result.traces) {
      add(trace.potential);
      add(trace.current);
      add(trace.spikes);
    }
  }
  std::string hexadecimal() const {
    std::ostringstream text;
    text << std::hex << std::setw(16) << std::setfill('0') << hash_;
    return text.str();
  }

 private:
  void addByte(std::uint8_t byte) { hash_ = (hash_ ^ byte) * 0x100000001b3; }

  std::uint64_t hash_ = 0xcbf29ce484222325;
};

}  // namespace spiq::tests
