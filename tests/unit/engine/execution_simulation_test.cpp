// Many random lives of executions: controllers die between any two instructions, agents come and go, people
// do what they like. Whatever happens, the rules of the oracle hold; and it catches what breaks them.
#include <gtest/gtest.h>

#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <vector>

#include "tests/unit/engine/simulation/life.hpp"
#include "tests/unit/engine/simulation/regression_seeds.hpp"

namespace runbook::simulation {
namespace {

constexpr int kCases = 12;                    // in parallel under ctest
constexpr std::uint64_t kSeedsInOne = 2'500;  // 30,000 lives in all

class ExecutionSimulation : public ::testing::TestWithParam<int> {};

TEST_P(ExecutionSimulation, KeepsItsRules) {
  const auto first = static_cast<std::uint64_t>(GetParam()) * kSeedsInOne;
  for (auto seed = first; seed < first + kSeedsInOne; ++seed) {
    const auto report = live(seed);
    ASSERT_EQ(report.violation, "") << "seed " << seed << ": " << report.story;
  }
}

INSTANTIATE_TEST_SUITE_P(Seeds, ExecutionSimulation, ::testing::Range(0, kCases));

TEST(ExecutionSimulation, KeepsItsRulesWhereItOnceFailed) {
  for (const auto seed : kRegressionSeeds) EXPECT_EQ(live(seed).violation, "") << "seed " << seed;
}

TEST(ExecutionSimulation, TheSameSeedIsTheSameLife) {
  const auto first = live(4711);
  const auto again = live(4711);
  EXPECT_EQ(first.story, again.story);
  EXPECT_EQ(first.turns, again.turns);
  EXPECT_EQ(first.met, again.met);
}

// A simulation that never meets a situation proves nothing about it.
TEST(ExecutionSimulation, MeetsEverySituation) {
  std::map<std::string, int> met;
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    for (const auto& what : live(seed).met) ++met[what];
  }
  const std::vector<std::string> situations = {"execution completed",
                                               "execution failed",
                                               "execution stopped",
                                               "command success",
                                               "command error",
                                               "command unknown",
                                               "command stopped",
                                               "command skipped",
                                               "command repeated",
                                               "an approved command repeated",
                                               "approved by two",
                                               "api success",
                                               "api error",
                                               "api unknown",
                                               "api stopped",
                                               "api repeated",
                                               "request repeated",
                                               "request that never left repeated",
                                               "timer success",
                                               "timer stopped",
                                               "timer skipped",
                                               "instruction success",
                                               "instruction stopped",
                                               "condition success",
                                               "condition error",
                                               "condition repeated",
                                               "skipped by range",
                                               "skipped by when",
                                               "skipped by jump",
                                               "skipped by person",
                                               "skipped by failure",
                                               "skipped by stop",
                                               "attempt success",
                                               "attempt error",
                                               "attempt timed_out",
                                               "attempt stopped",
                                               "attempt not_started",
                                               "attempt unknown",
                                               "redispatched success",
                                               "control 0 while pending",
                                               "control 0 while awaiting_approval",
                                               "control 2 while paused",
                                               "control 3 while paused",
                                               "control 5 while paused",
                                               "control 7 while failed"};
  for (const auto& situation : situations) EXPECT_GE(met[situation], 3) << situation;
}

// The edges docs/states.md lists below "<!-- edges of … -->", as "step: pending → running".
std::set<std::string> documented_edges() {
  std::ifstream page(RUNBOOK_STATES_PAGE);
  std::set<std::string> edges;
  std::string of;
  for (std::string line; std::getline(page, line);) {
    constexpr std::string_view kMark = "<!-- edges of ";
    if (line.starts_with(kMark)) of = line.substr(kMark.size(), line.find(" -->") - kMark.size());
    if (line.starts_with("#")) of.clear();
    if (of.empty() || !line.starts_with("| ") || line == "| from | to |") continue;
    const auto middle = line.find(" | ");
    std::stringstream targets(line.substr(middle + 3, line.size() - middle - 5));
    for (std::string to; targets >> to;) {
      if (to.ends_with(',')) to.pop_back();
      edges.insert(of + ": " + line.substr(2, middle - 2) + " → " + to);
    }
  }
  return edges;
}

TEST(ExecutionSimulation, TakesTheEdgesThatAreDocumentedAndNoOthers) {
  std::set<std::string> taken;
  for (std::uint64_t seed = 0; seed < 10'000; ++seed) {
    const auto report = live(seed);
    taken.insert(report.edges.begin(), report.edges.end());
  }
  const auto documented = documented_edges();
  for (const auto& edge : taken)
    EXPECT_TRUE(documented.contains(edge)) << edge << " is not in docs/states.md";
  for (const auto& edge : documented) EXPECT_TRUE(taken.contains(edge)) << edge << " never happened";
}

struct Planted {
  std::string name;
  Bug bug;
  std::vector<std::string> violations;  // how the oracle names it
};

class PlantedBug : public ::testing::TestWithParam<Planted> {};

TEST_P(PlantedBug, IsCaught) {
  for (std::uint64_t seed = 0; seed < 3'000; ++seed) {
    const auto report = live(seed, GetParam().bug);
    for (const auto& violation : GetParam().violations) {
      if (!report.violation.starts_with(violation)) continue;
      EXPECT_EQ(live(seed).violation, "") << "without the bug the same life keeps the rules";
      return;
    }
  }
  FAIL() << "nobody noticed it";
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, PlantedBug,
    ::testing::Values(
        Planted{"ResendsAfterRestart", Bug::kResendsAfterRestart, {"twice: an attempt was started twice"}},
        Planted{"SendsBeforeCommit", Bug::kSendsBeforeCommit, {"unstored: started before it was stored"}},
        Planted{"IgnoresStop", Bug::kIgnoresStop, {"stop: a command was dispatched after it"}},
        Planted{"ForgetsToWake", Bug::kForgetsToWake, {"forever: the execution does not end"}},
        Planted{"MovesStateBack", Bug::kMovesStateBack, {"backwards: a step went from success to running"}},
        Planted{"StartsWhilePaused", Bug::kStartsWhilePaused, {"paused: a command was dispatched"}},
        Planted{"RepeatsRequests", Bug::kRepeatsRequests, {"request: one that must not be repeated"}},
        Planted{"TakesAnyApproval", Bug::kTakesAnyApproval, {"approval: a command was started without it"}},
        Planted{"WritesWithoutCompare", Bug::kWritesWithoutCompare, {"backwards: an attempt went from"}},
        Planted{"LosesRollout", Bug::kLosesRollout, {"rollout: too many at once"}}),
    [](const auto& planted) { return planted.param.name; });

}  // namespace
}  // namespace runbook::simulation
