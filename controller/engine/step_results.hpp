// What expressions see of earlier steps (CONTRACT §1): status, exit code, output, answers of requests. Pure;
// texts may be long, so it belongs on the engine's pool.
#pragma once

#include <boost/json.hpp>

#include <cstddef>
#include <string>
#include <unordered_map>
#include <vector>

#include "controller/domain/execution/execution_state.hpp"
#include "controller/domain/preparation.hpp"
#include "controller/store/output_beginnings.hpp"

namespace runbook::engine {

// All the output that one expression may look at.
inline constexpr std::size_t kSeenOutputBytes = 64 * 1024 * 1024;

using Beginnings = std::unordered_map<Uuid, store::OutputBeginning>;  // by attempt

// An earlier step without what an expression cannot see.
struct SeenStep {
  struct Host {
    Uuid attempt;
    std::string name;
    std::string status;
    boost::json::value exit_code;
  };
  std::string slug;
  std::string status;
  boost::json::value exit_code;
  boost::json::value result;  // of a request
  bool is_command = false;
  bool is_request = false;
  std::size_t output_bytes = 0;  // at most this much text
  std::vector<Host> hosts;
};

// The newest steps of the needed blocks before position `before`.
std::vector<SeenStep> seen_steps(const domain::ExecutionState& state, const domain::NeededSteps& needed,
                                 int before);

// {slug: {status, …}}
boost::json::object step_results(const std::vector<SeenStep>& steps, const Beginnings& outputs);

}  // namespace runbook::engine
