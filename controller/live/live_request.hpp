// What a client may say on /live (docs/live-protocol.md), read from one text frame. Pure.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::live {

inline constexpr std::size_t kRequestBytes = 512 * 1024;
inline constexpr std::size_t kSubscriptions = 64;
inline constexpr std::size_t kFromEntries = 4'096;

struct Subscribe {
  Uuid execution;
  bool output = true;
  std::optional<Uuid> step = {};
  std::optional<Uuid> host = {};
  std::map<std::string, std::uint64_t> from =
      {};  // "<step_id>/<agent_id>/<stdout|stderr>", ids in lower case
};
struct Unsubscribe {
  Uuid execution;
};
enum class Topic { kExecutions, kAgents };
struct TopicChange {
  Topic topic = Topic::kExecutions;
  bool on = true;
};
struct Ping {
  std::int64_t n = 0;
};

using LiveRequest = std::variant<Subscribe, Unsubscribe, TopicChange, Ping>;

// kMalformed, or kTooLarge for more than may be asked for, with a sentence for the client.
Result<LiveRequest> read_live_request(std::string_view text);

}  // namespace runbook::live
