// Lives worth living again on every run: add a seed here when it has shown a fault, with what it showed.
#pragma once

#include <array>
#include <cstdint>

namespace runbook::simulation {

inline constexpr std::array<std::uint64_t, 10> kRegressionSeeds = {
    135,  // a host restarts with a command under way, and the controller after it
    148,  // a controller dies between the dispatch and its commit
    14,   // a stop among hosts whose turn has not come
    3,    // a request whose next try only the clock brings
    287,  // a finished step and late news
    79,   // a pause with hosts still queued
    32,   // a request under way when its controller dies
    2,    // a person skips a step while a stale decision is about to begin it
    519,  // a command ends while a stale decision gives it up
    484,  // hosts fail one by one up to the share that may
};

}  // namespace runbook::simulation
