// A small, fast source of numbers that are the same everywhere for the same seed (splitmix64).
#pragma once

#include <cstdint>

namespace runbook::simulation {

class Randomness {
 public:
  // The seed is mixed first: neighbours must not walk through the same numbers one step apart.
  explicit Randomness(std::uint64_t seed) : state_(mix(mix(seed) ^ 0xD1B54A32D192ED03u)) {}

  std::uint32_t pick(std::uint32_t below) {
    state_ += 0x9E3779B97F4A7C15u;
    return static_cast<std::uint32_t>((mix(state_) >> 32) * below >> 32);
  }
  bool chance(std::uint32_t one_in) { return pick(one_in) == 0; }

 private:
  static std::uint64_t mix(std::uint64_t z) {
    z += 0x9E3779B97F4A7C15u;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
  }

  std::uint64_t state_;
};

}  // namespace runbook::simulation
