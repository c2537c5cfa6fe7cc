// Renewal: POST /renew of the agent listener. Whoever connects with a good certificate of an agent gets
// another one of the same agent, for the key of its signing request, and the authorities the fleet trusts
// now. The link it has meanwhile stays as it is. On the controller's I/O thread; certificates are made on the
// pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <string>

#include "certs/authority.hpp"
#include "controller/http/message.hpp"
#include "controller/store/agent_certificates.hpp"
#include "controller/store/audit_store.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/runtime/blocking_pool.hpp"

namespace runbook::fleet {

class Renewal {
 public:
  // All must outlive this.
  Renewal(db::Database& database, runtime::BlockingPool& pool, const certs::FleetAuthority& authority,
          const store::AuditTrail& trail);

  // 201 {agent_id, certificate, ca}. 401 for a certificate that is not good (revoked, replaced, of nobody),
  // 422 for a signing request that is refused, 429 when there were too many.
  boost::asio::awaitable<http::Response> answer(const http::Request& request, http::BodyReader& body);

 private:
  boost::asio::awaitable<Result<boost::json::object>> renew(certs::AgentIdentity agent, std::string csr,
                                                            store::Origin by);

  store::AgentCertificates certificates_;
  store::AuditStore audit_;
  runtime::BlockingPool& pool_;
  const certs::FleetAuthority& authority_;
  const store::AuditTrail& trail_;
};

}  // namespace runbook::fleet
