#include "controller/fleet/renewal.hpp"

#include "controller/domain/json_reader.hpp"
#include "controller/fleet/json_body.hpp"
#include "controller/http/problem.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::fleet {
namespace {

namespace asio = boost::asio;

Time present() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

Result<std::string> judge_renewal(const boost::json::value& document) {
  domain::Faults faults;
  domain::ObjectReader reader(document, "", faults);
  auto csr = reader.text("csr", {.need = domain::Need::kRequired, .max_bytes = kRequestBytes}).value_or("");
  reader.refuse_unknown();
  if (!faults.empty()) return std::unexpected(faults.error());
  return csr;
}

std::unexpected<Error> bad_request(std::string why) {
  Error refused{ErrorCode::kInvalid, why, {}};
  refused.faults.push_back({"/csr", std::string(domain::fault::kBadValue), std::move(why)});
  return std::unexpected(std::move(refused));
}

}  // namespace

Renewal::Renewal(db::Database& database, runtime::BlockingPool& pool, const certs::FleetAuthority& authority,
                 const store::AuditTrail& trail)
    : certificates_(database), audit_(database), pool_(pool), authority_(authority), trail_(trail) {}

asio::awaitable<http::Response> Renewal::answer(const http::Request& request, http::BodyReader& body) {
  const auto agent = certs::agent_identity(request.peer_certificate);
  if (!agent) {
    const Error unknown{ErrorCode::kUnauthenticated, "Connect with an agent's certificate; enroll first."};
    co_return http::problem(unknown, request.request_id);
  }
  store::Origin by(trail_);
  by.address = request.remote_address;
  by.request_id = request.request_id;
  const auto document = co_await read_json_body(request, body);
  if (!document) co_return http::problem(document.error(), request.request_id);
  auto csr = judge_renewal(*document);
  if (!csr) co_return http::problem(csr.error(), request.request_id);
  const auto renewed = co_await renew(*agent, std::move(*csr), by);
  const runtime::LogIds ids{.request = request.request_id, .agent = agent->agent.str()};
  if (renewed) {
    runtime::log_info(ids, fmt::format("certificate renewed from {}", request.remote_address));
    co_return http::json_response(201, *renewed);
  }
  if (renewed.error().code == ErrorCode::kUnauthenticated || renewed.error().code == ErrorCode::kTooMany) {
    runtime::log_warning(ids, "a renewal was refused: " + renewed.error().message);
    store::AuditEvent event{.action = "agent.refused", .object_type = "agent", .object_id = agent->agent};
    event.reason = "renewal: " + renewed.error().message;
    co_await audit_.refused(std::move(by), std::move(event));
  }
  co_return http::problem(renewed.error(), request.request_id);
}

asio::awaitable<Result<boost::json::object>> Renewal::renew(certs::AgentIdentity agent, std::string csr,
                                                            store::Origin by) {
  // Asked before anything is signed: whoever was revoked costs no signature.
  const bool usable = co_await certificates_.usable(agent.agent, agent.serial);
  if (!usable)
    co_return failure(ErrorCode::kUnauthenticated, "The certificate is not one of this fleet, or has ended.");
  auto issue = [&authority = authority_, csr = std::move(csr), id = agent.agent] {
    return authority.issue_agent(csr, id, present());
  };
  const auto certificate = co_await pool_.run(std::move(issue));
  if (!certificate) co_return bad_request(certificate.error().message);
  store::IssuedCertificate issued{certificate->serial, certificate->not_after, authority_.sha256(),
                                  authority_.trusted_sha256()};
  const auto stored =
      co_await certificates_.renew(agent.agent, agent.serial, std::move(issued), std::move(by));
  if (!stored) co_return std::unexpected(stored.error());
  boost::json::object answer;
  answer["agent_id"] = agent.agent.str();
  answer["certificate"] = certificate->pem;
  answer["ca"] = authority_.trusted_pem();
  co_return answer;
}

}  // namespace runbook::fleet
