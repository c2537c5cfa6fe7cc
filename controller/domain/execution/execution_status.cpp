#include "controller/domain/execution/execution_status.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace runbook::domain {
namespace {

constexpr std::array<std::string_view, 8> kExecutionWords = {
    "pending", "running", "awaiting_approval", "awaiting_input", "paused", "completed", "failed", "stopped"};
constexpr std::array<std::string_view, 9> kStepWords = {"pending", "awaiting_approval", "awaiting_input",
                                                        "running", "success",           "error",
                                                        "skipped", "stopped",           "unknown"};
constexpr std::array<std::string_view, 6> kSkipWords = {"range", "when", "jump", "person", "failure", "stop"};

template <class Enum, std::size_t N>
std::optional<Enum> by_word(const std::array<std::string_view, N>& words, std::string_view word) {
  const auto found = std::ranges::find(words, word);
  if (found == words.end()) return std::nullopt;
  return static_cast<Enum>(found - words.begin());
}

}  // namespace

std::string_view to_string(ExecutionStatus status) {
  return kExecutionWords[static_cast<std::size_t>(status)];
}
std::string_view to_string(StepStatus status) { return kStepWords[static_cast<std::size_t>(status)]; }
std::string_view to_string(SkipCause cause) { return kSkipWords[static_cast<std::size_t>(cause)]; }

std::optional<ExecutionStatus> execution_status(std::string_view word) {
  return by_word<ExecutionStatus>(kExecutionWords, word);
}
std::optional<StepStatus> step_status(std::string_view word) { return by_word<StepStatus>(kStepWords, word); }
std::optional<SkipCause> skip_cause(std::string_view word) { return by_word<SkipCause>(kSkipWords, word); }

bool is_terminal(ExecutionStatus status) { return status >= ExecutionStatus::kCompleted; }
bool is_terminal(StepStatus status) { return status >= StepStatus::kSuccess; }

}  // namespace runbook::domain
