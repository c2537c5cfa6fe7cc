// The seam between an attempt and whoever owns its process. LocalRunner runs commands as children of the
// agent; a process of its own per command (the shim) can take its place, because callers see only these
// interfaces. One I/O thread: events arrive there, never from inside start(), stop() or read_on().
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/control.hpp"
#include "protocol/messages/frame.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::runner {

struct Command {
  Uuid attempt;
  std::vector<std::string> argv;  // program and arguments; with a script: the shell and its options
  std::string script;             // shell text, empty for a plain argv
  std::map<std::string, std::string> environment;   // beyond the clean base
  std::string working_directory;                    // empty: the user's home, `/` when that is absent
  std::string run_as;                               // empty: the agent's own user
  std::chrono::milliseconds timeout{0};             // 0: limits::kStepTimeoutDefault
  std::chrono::milliseconds stop_grace{0};          // between TERM and KILL when the time is over
  std::vector<CommandCredential> credentials = {};  // files for it, masked in its output
  std::vector<std::string> secrets = {};            // masked too
};

// Why a command was never started: `code` for programs, `reason` for the operator.
struct NotStarted {
  std::string code;  // "spawn_failed", "unknown_user", "not_permitted", "invalid", "stopped"
  std::string reason;
};

// How a command ended.
struct Ending {
  EndCause cause = EndCause::kExit;
  std::optional<int> exit_code;
  std::optional<int> signal;
  std::int64_t leftovers = 0;      // processes that survived the last kill
  std::int64_t ended_with_it = 0;  // processes it had left behind when it ended by itself, killed then
  bool output_drained = true;      // false: something still held a pipe when the drain time was over
  Time started_at{};
  Time ended_at{};
};

// What a running command tells. Exactly one of not_started() and ended() is the last call.
class ProcessEvents {
 public:
  virtual ~ProcessEvents() = default;
  virtual void started(std::int64_t pid, Time at) = 0;
  virtual void not_started(NotStarted why) = 0;
  // How many bytes may be read now. With 0 the pipe is left alone until RunningProcess::read_on().
  virtual std::size_t room() const = 0;
  virtual void output(Stream stream, std::string_view data) = 0;  // at most room() bytes, in the order read
  virtual void ended(const Ending& ending) = 0;
};

class RunningProcess {
 public:
  virtual ~RunningProcess() = default;
  // TERM to every process of the command, KILL after `grace`. A second call can only bring the KILL forward.
  virtual void stop(std::chrono::milliseconds grace) = 0;
  virtual void read_on() = 0;  // room() may have grown
};

class Runner {
 public:
  virtual ~Runner() = default;
  virtual std::shared_ptr<RunningProcess> start(Command command, std::shared_ptr<ProcessEvents> events) = 0;
};

}  // namespace runbook::runner
