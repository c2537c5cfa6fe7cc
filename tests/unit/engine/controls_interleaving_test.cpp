// Several people act on one execution at once. Their calls are served one after the other, in any order; each
// answer and each change must be that of the small model, and the engine's rounds in between break nothing.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <deque>

#include "tests/unit/engine/control_model.hpp"
#include "tests/unit/engine/execution_builder.hpp"
#include "tests/unit/engine/simulation/life.hpp"

namespace runbook::domain {
namespace {

using simulation::Randomness;
using testing::ControlModel;

constexpr int kCases = 10;
constexpr std::uint64_t kSeedsInOne = 1'000;  // 10,000 interleavings in all
constexpr int kCallers = 4;
constexpr int kCallsOfEach = 12;

class Interleaving {
 public:
  explicit Interleaving(std::uint64_t seed) : random_(seed), state_(simulation::random_execution(random_)) {
    around_.hosts = 1 + random_.pick(3);
    for (int caller = 0; caller < kCallers; ++caller) {
      for (int i = 0; i < kCallsOfEach; ++i)
        calls_[static_cast<std::size_t>(caller)].push_back(random_.pick(24));
    }
  }

  // The first fault, or nothing.
  std::string run() {
    for (int left = kCallers * kCallsOfEach; left > 0;) {
      if (random_.chance(4)) {
        engine();
        continue;
      }
      const auto caller = random_.pick(kCallers);
      if (calls_[caller].empty()) continue;
      const auto kind = calls_[caller].front();
      calls_[caller].pop_front();
      --left;
      if (auto fault = call(caller, kind); !fault.empty()) return fault;
    }
    return {};
  }

  int allowed() const { return allowed_; }

 private:
  Control control(std::uint32_t kind) {
    const auto at = random_.pick(static_cast<std::uint32_t>(state_.steps.size()));
    auto step = state_.steps[at].id;
    if (random_.chance(30)) step = testing::numbered(0xF, 1);
    const auto& approval = state_.steps[at].approval;
    const auto digest = approval && !random_.chance(5) ? approval->digest : std::string("another");
    if (kind < 2) return Pause{};
    if (kind < 6) return Resume{};
    if (kind == 6 && random_.chance(4)) return Stop{};
    if (kind == 7 && random_.chance(3)) return Reject{step, "no"};
    if (kind < 11) return Complete{step, "done"};
    if (kind < 13) return Skip{step, "not now"};
    if (kind < 16) return Retry{step, {}};
    return Approve{step, digest, ""};
  }

  std::string call(std::uint32_t caller, std::uint32_t kind) {
    const Actor actor{testing::numbered(0x1, 1 + caller), "somebody", !random_.chance(6)};
    const auto what = control(kind);
    auto model = ControlModel::of(state_, around_.now);
    const auto expected = model.apply(what, actor);
    Changes changes;
    const auto before = ControlModel::of(state_, around_.now);
    const auto done = apply(state_, changes, what, actor, around_.world().new_id, around_.now);
    auto after = ControlModel::of(state_, around_.now);
    if (done.has_value() == expected.has_value() || (!done && done.error().code != *expected)) {
      return fmt::format("control {} of {}: answered {}", what.index(), before.status,
                         done ? std::string("yes") : done.error().message);
    }
    if (!done && changes.any()) return "refused, but with changes";
    if (done) ++allowed_;
    return (done ? model : before).difference(after);
  }

  // News of commands and requests, then the engine's turn.
  void engine() {
    around_.now += std::chrono::seconds(random_.pick(12));
    Changes changes;
    for (std::size_t i = 0; i < state_.steps.size(); ++i) {
      for (auto& attempt : state_.steps[i].attempts) {
        if (attempt.status != AttemptStatus::kDispatched || random_.chance(2)) continue;
        attempt.status = random_.chance(3) ? AttemptStatus::kError : AttemptStatus::kSuccess;
      }
      if (random_.chance(3)) end_try(state_, changes, i, {.error = "answered 404"}, around_.now);
      if (random_.chance(2)) end_try(state_, changes, i, {.http_status = 200}, around_.now);
    }
    around_.advance(state_);
  }

  Randomness random_;
  ExecutionState state_;
  testing::Surroundings around_;
  std::array<std::deque<std::uint32_t>, kCallers> calls_;
  int allowed_ = 0;
};

class ControlInterleavings : public ::testing::TestWithParam<int> {};

TEST_P(ControlInterleavings, AgreeWithTheModel) {
  const auto first = static_cast<std::uint64_t>(GetParam()) * kSeedsInOne;
  int allowed = 0;
  for (auto seed = first; seed < first + kSeedsInOne; ++seed) {
    Interleaving interleaving(seed);
    ASSERT_EQ(interleaving.run(), "") << "seed " << seed;
    allowed += interleaving.allowed();
  }
  EXPECT_GT(allowed, static_cast<int>(kSeedsInOne) * 3) << "too few calls were allowed to prove anything";
}

INSTANTIATE_TEST_SUITE_P(Seeds, ControlInterleavings, ::testing::Range(0, kCases));

}  // namespace
}  // namespace runbook::domain
