// How long a comparison of secrets takes tells nothing of them (dudect: Reparaz, Balasch, Verbauwhede 2017).
// Two classes of wrong guesses, one that differs in its first byte and one in its last, are measured in
// random order; Welch's t says whether their times differ.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "controller/auth/secret.hpp"

namespace runbook::auth {
namespace {

constexpr int kSamples = 1'000'000;
constexpr int kCompares = 8;        // in one sample, for the clock's sake
constexpr double kSuspicion = 4.5;  // of |t|
constexpr std::size_t kBytes = 32;

using Compare = bool (*)(std::string_view, std::string_view);

// The mistake that is looked for: it stops at the first byte that differs.
bool early_exit(std::string_view one, std::string_view other) {
  for (std::size_t i = 0; i < one.size(); ++i) {
    if (one[i] != other[i]) return false;
  }
  return true;
}

struct Class {
  double count = 0;
  double mean = 0;
  double squares = 0;  // of the distances from the mean (Welford)
  void add(double value) {
    count += 1;
    const double distance = value - mean;
    mean += distance / count;
    squares += distance * (value - mean);
  }
  double variance() const { return squares / (count - 1); }
};

// |t| over the fastest nine tenths of all samples: what interrupts a program says nothing.
double suspicion(Compare compare, int count) {
  const std::string secret(kBytes, 's');
  std::string first = secret;
  std::string last = secret;
  std::string guess = secret;
  first.front() = 'x';
  last.back() = 'x';
  std::mt19937 random(1);
  std::vector<std::pair<bool, double>> samples;
  samples.reserve(static_cast<std::size_t>(count));
  volatile bool sink = false;
  for (int i = 0; i < count; ++i) {
    const bool late = (random() & 1U) != 0;
    (late ? last : first).copy(guess.data(), kBytes);  // both at one address: another may be faster to read
    const auto begun = std::chrono::steady_clock::now();
    for (int n = 0; n < kCompares; ++n) sink = compare(secret, guess);
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - begun;
    samples.emplace_back(late, took.count());
  }
  static_cast<void>(sink);
  auto times = samples;
  const auto cut = times.begin() + times.size() / 10 * 9;
  std::ranges::nth_element(times, cut, {}, &std::pair<bool, double>::second);
  Class early;
  Class late;
  for (const auto& [differs_late, took] : samples) {
    if (took <= cut->second) (differs_late ? late : early).add(took);
  }
  const double error = std::sqrt(early.variance() / early.count + late.variance() / late.count);
  return std::abs(early.mean - late.mean) / error;
}

// A machine that is busy may disturb one measurement; what leaks is suspicious in all of them.
TEST(SecretTiming, TellsNothingOfWhereASecretDiffers) {
  double least = suspicion(same_secret, kSamples);
  for (int i = 0; i < 4 && least >= kSuspicion; ++i)
    least = std::min(least, suspicion(same_secret, kSamples));
  RecordProperty("t", std::to_string(least));
  EXPECT_LT(least, kSuspicion);
}

TEST(SecretTiming, TheMeasurementFindsAComparisonThatStopsEarly) {
  EXPECT_GT(suspicion(early_exit, kSamples / 10), kSuspicion);
}

}  // namespace
}  // namespace runbook::auth
