// Control messages between agent and controller: WebSocket subprotocol "runbook-agent.v1", text frames, one
// JSON object each with a "type". Unknown members are ignored; unknown types are refused. Values only.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "protocol/messages/frame.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook {

inline constexpr std::string_view kSubprotocol = "runbook-agent.v1";
inline constexpr std::string_view kAgentPath = "/agent";  // of the WebSocket on the agent listener

// How far one attempt is, as its agent knows it.
struct AttemptReport {
  Uuid attempt;
  bool started = false;
  bool finished = false;
  std::uint64_t stdout_bytes = 0;  // produced so far
  std::uint64_t stderr_bytes = 0;
};

// agent → controller, first message of every connection
struct Hello {
  std::string agent_version;
  std::string os;    // PRETTY_NAME of os-release(5)
  std::string arch;  // machine of uname(2)
  std::string hostname;
  std::string boot_id;  // /proc/sys/kernel/random/boot_id
  Uuid incarnation;     // one per agent process: another one has forgotten what the last one ran
  std::vector<AttemptReport> attempts;  // every attempt that was not closed yet
};

// agent → controller: the command was released to exec
struct Started {
  Uuid attempt;
  std::int64_t pid = 0;
  Time at{};
};

// agent → controller: the attempt was not and will not be started
struct Refused {
  Uuid attempt;
  std::string code;    // "expired", "spawn_failed", "unknown_user", "limit", …
  std::string reason;  // for the operator
};

enum class EndCause { kExit, kSignal, kTimeout, kStop };
std::string_view to_string(EndCause cause);  // "exit", "signal", "timeout", "stop"

// agent → controller: the main process ended and every byte of its output was numbered
struct Finished {
  Uuid attempt;
  EndCause cause = EndCause::kExit;
  std::optional<int> exit_code;  // set when the process exited by itself or after TERM
  std::optional<int> signal;     // set when a signal ended it
  std::uint64_t stdout_bytes = 0;
  std::uint64_t stderr_bytes = 0;
  std::string stdout_sha256;  // 64 hex digits
  std::string stderr_sha256;
  std::int64_t leftovers = 0;      // processes of the attempt still alive after the last kill
  std::int64_t ended_with_it = 0;  // processes the command had left behind, which were killed
  std::string reason;              // why the agent itself ended it, empty otherwise
  bool output_drained = true;      // false: a child kept the pipe and it was closed after the drain time
  Time started_at{};
  Time ended_at{};
};

// controller → agent: per open attempt, what the controller has and wants next
struct Resume {
  Uuid attempt;
  std::uint64_t stdout_offset = 0;
  std::uint64_t stderr_offset = 0;
};

// controller → agent, answer to Hello
struct Welcome {
  std::string controller_version;
  std::vector<Resume> resume;  // attempts the controller wants to go on with
  std::vector<Uuid> close;     // attempts the agent may forget
  std::optional<Time> time;    // the controller's clock when this was written; judges `expires_at`
  std::vector<std::string> authorities = {};  // SHA-256 of the fleet's CAs, hex, the issuing first; or none
};

// A command gets it as a file (0600) that ends with the attempt, its path in RUNBOOK_CREDENTIAL_<NAME>.
struct CommandCredential {
  Uuid id;
  std::string name;
  std::string secret;
};

// controller → agent: start this attempt, at most once
struct RunCommand {
  Uuid attempt;
  Uuid execution;
  Uuid step;
  std::vector<std::string> argv;                   // program and arguments; with a script: the shell
  std::string script;                              // shell text, empty for a plain argv
  std::map<std::string, std::string> environment;  // the whole environment beyond the agent's clean base
  std::string working_directory;                   // empty: the user's home
  std::string run_as;                              // empty: the agent's own user
  std::chrono::seconds timeout{0};
  std::chrono::seconds stop_grace{0};
  Time expires_at{};  // not started after this by the controller's clock
  // The agent stops the command itself when it had no link to a controller for so long.
  std::optional<std::chrono::seconds> stop_after;
  std::vector<CommandCredential> credentials = {};
  std::vector<std::string> secrets = {};  // values to be masked in the output, besides the credentials' own
  // The approved root and this host's leaf (dispatch_digest.hpp), hex; dispatch_signature.hpp in base64.
  std::string root = {};
  std::string leaf = {};
  std::string signature = {};
};

struct StopCommand {
  Uuid attempt;
  std::chrono::seconds grace{0};
};

// controller → agent: everything before `offset` is committed
struct Ack {
  Uuid attempt;
  Stream stream = Stream::kStdout;
  std::uint64_t offset = 0;
};

// controller → agent: the result is committed, forget the attempt
struct Close {
  Uuid attempt;
};

using AgentMessage = std::variant<Hello, Started, Refused, Finished>;
using ControllerMessage = std::variant<Welcome, RunCommand, StopCommand, Ack, Close>;

std::string encode(const AgentMessage& message);
std::string encode(const ControllerMessage& message);
Result<AgentMessage> decode_agent_message(std::string_view text);
Result<ControllerMessage> decode_controller_message(std::string_view text);

}  // namespace runbook
