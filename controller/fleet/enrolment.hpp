// Enrolment: POST /enroll of the agent listener. Whoever holds a usable token gets a certificate for the key
// of its signing request; name and labels are judged, subject and identity are ours. On the controller's I/O
// thread; certificates are made on the pool.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/json.hpp>

#include <string>

#include "certs/authority.hpp"
#include "controller/domain/runbook.hpp"
#include "controller/http/guess_limit.hpp"
#include "controller/http/message.hpp"
#include "controller/store/audit_store.hpp"
#include "controller/store/enrolment_store.hpp"
#include "protocol/messages/result.hpp"
#include "protocol/runtime/blocking_pool.hpp"

namespace runbook::fleet {

struct EnrolmentRequest {
  std::string token;
  std::string csr;  // PKCS#10, PEM
  std::string name;
  domain::Labels labels;
};

// {token, csr, name, labels?}, every fault named. A name has 1 to 63 characters of [A-Za-z0-9._-] and begins
// with a letter or digit.
Result<EnrolmentRequest> judge_enrolment(const boost::json::value& document);

class Enrolment {
 public:
  // All must outlive this.
  // `dispatch_key`: the public half of the key that signs commands.
  Enrolment(db::Database& database, runtime::BlockingPool& pool, const certs::FleetAuthority& authority,
            std::string dispatch_key, const store::AuditTrail& trail);

  // 201 {agent_id, name, labels, certificate, ca, dispatch_key}. 401 with one text for every unusable token;
  // 409 for a taken name (the token stays usable).
  boost::asio::awaitable<http::Response> answer(const http::Request& request, http::BodyReader& body);

 private:
  boost::asio::awaitable<Result<boost::json::object>> enrol(EnrolmentRequest wanted, store::Origin by);

  // Tells the audit trail of it.
  boost::asio::awaitable<http::Response> refused(const http::Request& request, std::string name, Error why,
                                                 store::Origin by);

  store::EnrolmentStore store_;
  store::AuditStore refusals_;
  http::GuessLimit guesses_;
  runtime::BlockingPool& pool_;
  const certs::FleetAuthority& authority_;
  const std::string dispatch_key_;
  const store::AuditTrail& trail_;
};

}  // namespace runbook::fleet
