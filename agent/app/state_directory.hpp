// StateDirectory: the folder (0700) in which an agent keeps who it is: agent.key (0600), agent.crt, ca.crt
// and agent.json, which is written last and makes the identity complete (a renewed certificate stands in
// agent-b.key, agent-b.crt, ca-b.crt, the next one in the first three again); status.json of the running
// agent; and the lock that lets one agent at a time use it. Blocking; files are replaced whole, never
// changed.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "agent/runner/file_descriptor.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::agent {

struct Identity {
  Uuid agent;
  std::string name;
  std::map<std::string, std::string> labels;
  std::string controller;  // URL
  std::string certificate_pem;
  std::string ca_pem;
  std::string key_pem;       // secret
  std::string dispatch_key;  // the controller's, which signs commands; empty: enrolled before there was one
};

// What `status` tells about the running agent.
struct AgentStatus {
  bool connected = false;
  Time since{};
  std::string reason;  // why it is not connected
  std::string controller;
  std::string name;
  std::uint64_t running = 0;  // commands

  bool operator==(const AgentStatus&) const = default;
};

class StateDirectory {
 public:
  explicit StateDirectory(std::string path) : path_(std::move(path)) {}
  // /var/lib/runbook-agent for root; else below $XDG_STATE_HOME or ~/.local/state.
  static std::string default_path();

  const std::string& path() const { return path_; }
  Result<void> create() const;  // with parents; an empty folder that is there already becomes 0700
  // Held until the descriptor is closed. kConflict while another agent uses the folder.
  Result<runner::FileDescriptor> lock() const;
  bool in_use() const;

  bool has_identity() const;
  Result<Identity> load_identity() const;
  Result<void> store_identity(const Identity& identity) const;
  // The same agent with another key and certificate: after a crash at any point there is the one or the
  // other, whole.
  Result<void> replace_certificate(const Identity& identity) const;

  void store_status(const AgentStatus& status) const noexcept;
  std::optional<AgentStatus> load_status() const;
  void remove_status() const noexcept;

 private:
  std::string file_path(const std::string& name) const { return path_ + "/" + name; }
  std::string suffix() const;
  void remove_files(const std::string& suffix) const;
  Result<void> write_identity(const Identity& identity, const std::string& suffix) const;

  std::string path_;
};

}  // namespace runbook::agent
