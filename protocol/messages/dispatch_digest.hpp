// What a run is bound to (ARCHITECTURE, decision 11): one SHA-256 over canonical JSON (RFC 8785) of
// execution, version and one leaf per host. An approver confirms the root; an agent can compute its leaf from
// what it is asked to run. Pure.
#pragma once

#include <boost/json.hpp>

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "protocol/messages/control.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook {

// RFC 8785: members sorted by UTF-16 code units, shortest numbers, no space. Numbers must be integers within
// ±2^53 or finite doubles; kInvalid for others and for text that is not UTF-8.
Result<std::string> canonical_json(const boost::json::value& value);

// 64 lower-case hex digits.
std::string sha256_hex(std::string_view bytes);

// What one host is asked to run.
struct DispatchLeaf {
  Uuid agent;
  std::vector<std::string> argv;
  std::string script;
  std::map<std::string, std::string> environment;  // only the digests of the values enter
  std::string run_as;
  std::string working_directory;
  std::vector<Uuid> credentials = {};
};
std::string leaf_digest(const DispatchLeaf& leaf);

// What `run` asks `agent` to do.
DispatchLeaf leaf_of(const RunCommand& run, const Uuid& agent);

// leaf_digest() of many hosts that run the same: what they have in common is spelled and hashed once.
class LeafDigests {
 public:
  explicit LeafDigests(const DispatchLeaf& shared);  // without its agent
  // With the host's own variables, which win over shared ones.
  std::string of(const Uuid& agent, const std::map<std::string, std::string>& environment) const;

 private:
  std::map<std::string, std::string> environment_;  // digests of the values
  std::string before_;                              // canonical members between agent and environment
  std::string after_;                               // and those after it
};

// `leaves` in host order.
std::string root_digest(const Uuid& execution, const Uuid& version, const Uuid& step,
                        const std::vector<std::string>& leaves);

}  // namespace runbook
