// AgentCertificates: which certificates of agents are good, and who has to be cut off. On the controller's
// I/O thread; queries run on the database's pool.
#pragma once

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <vector>

#include "controller/store/audit_event.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"

namespace runbook::db {
class Database;
}

namespace runbook::store {

struct IssuedCertificate {
  std::string serial;  // lower-case hex
  Time until{};
  std::string issuer;               // SHA-256 of the authority, 64 hex digits
  std::vector<std::string> trusts;  // of the authorities that were handed out with it
};

// Agents that are not revoked, by one authority.
struct AuthorityStanding {
  std::string authority;     // SHA-256
  std::int64_t trusted = 0;  // agents whose newest certificate came with it
  std::int64_t issued = 0;   // agents whose newest certificate is of it
};

// A link and the certificate it was opened with.
struct OpenLink {
  Uuid agent;
  std::string serial;
};

struct EndedLink {
  OpenLink link;
  bool revoked = false;  // the agent; else only the certificate has ended
};

class AgentCertificates {
 public:
  explicit AgentCertificates(db::Database& database) : database_(database) {}

  // True when the agent is not revoked and the certificate is one of its own that has not ended.
  boost::asio::awaitable<bool> usable(Uuid agent, std::string serial);

  // As usable, for a Hello made with it: the first use of a certificate ends all others of the agent.
  boost::asio::awaitable<bool> use(Uuid agent, std::string serial);

  // Stores another certificate of the agent; those that are good stay so until one is used first, which
  // `presented` now is. kUnauthenticated when `presented` is not usable or the newest, another one, was used;
  // kTooMany past limits::kAgentRenewals.
  boost::asio::awaitable<Result<void>> renew(Uuid agent, std::string presented, IssuedCertificate issued,
                                             Origin by);

  // Those of `open` whose agent was revoked, here or by another controller, or whose certificate has ended.
  boost::asio::awaitable<std::vector<EndedLink>> to_be_cut(std::vector<OpenLink> open);

  // How far agents that are not revoked have followed `authorities`, the issuing one first.
  struct Standing {
    std::int64_t agents = 0;
    std::vector<AuthorityStanding> authorities;
    std::int64_t behind = 0;            // agents that do not trust all, or have no certificate of the first
    std::vector<std::string> examples;  // names of some of them
  };
  boost::asio::awaitable<Standing> standing(std::vector<std::string> authorities);

 private:
  db::Database& database_;
};

}  // namespace runbook::store
