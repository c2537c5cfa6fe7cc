#include "agent/app/commands.hpp"

#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <csignal>
#include <cstdio>
#include <exception>
#include <utility>

#include "agent/app/agent_process.hpp"
#include "agent/app/state_directory.hpp"
#include "agent/policy/policy_file.hpp"
#include "agent/runner/process.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::agent {

int report(const Error& error, int exit_code) {
  fmt::print(stderr, "{}\n", error.message);
  return exit_code;
}

Result<std::map<std::string, std::string>> parse_labels(const std::string& text) {
  std::map<std::string, std::string> labels;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find(',', begin), text.size());
    const std::string part = text.substr(begin, end - begin);
    const std::size_t equals = part.find('=');
    if (equals == std::string::npos || equals == 0) {
      return failure(ErrorCode::kInvalid, fmt::format("\"{}\" in --labels is not KEY=VALUE.", part));
    }
    if (!labels.emplace(part.substr(0, equals), part.substr(equals + 1)).second) {
      return failure(ErrorCode::kInvalid,
                     fmt::format("The label \"{}\" is given twice.", part.substr(0, equals)));
    }
    begin = end + 1;
  }
  return labels;
}

int run_agent(const RunOptions& options) {
  const StateDirectory state(options.state_directory);
  const auto identity = state.load_identity();
  if (!identity) return report(identity.error());
  const auto lock = state.lock();
  if (!lock) return report(lock.error());
  const auto address =
      connection::parse_address(options.controller.empty() ? identity->controller : options.controller);
  if (!address) return report(address.error());
  const bool named = !options.policy.empty();
  auto policy = policy::load_policy(named ? options.policy : policy::kPolicyFile, named);
  if (!policy) return report(policy.error());

  runtime::LogSettings logging;
  logging.json = ::isatty(STDERR_FILENO) == 0;
  runtime::start_logging(logging);
  ::signal(SIGPIPE, SIG_IGN);
  runner::raise_descriptor_limit();
  try {
    AgentProcess(*identity, *address, state, std::move(*policy)).run();
  } catch (const std::exception& error) {
    return report({ErrorCode::kUnavailable, fmt::format("The agent cannot go on: {}.", error.what())});
  }
  return kDone;
}

int show_status(const std::string& state_directory) {
  const StateDirectory state(state_directory);
  if (!state.in_use()) {
    if (state.has_identity()) {
      fmt::print("The agent in {} is not running.\n", state_directory);
    } else {
      fmt::print("There is no agent in {}.\n", state_directory);
    }
    return kNotDone;
  }
  const auto status = state.load_status();
  if (!status) {
    fmt::print("The agent in {} is starting.\n", state_directory);
    return kNotDone;
  }
  const std::string link = status->connected ? "connected" : "not connected";
  fmt::print("Agent \"{}\" is {} to {} since {}{}; commands running: {}.\n", status->name, link,
             status->controller, rfc3339(status->since),
             status->reason.empty() ? "" : fmt::format(" ({})", status->reason), status->running);
  return status->connected ? kDone : kNotDone;
}

}  // namespace runbook::agent
