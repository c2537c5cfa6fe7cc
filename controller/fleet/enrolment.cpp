#include "controller/fleet/enrolment.hpp"

#include <openssl/evp.h>

#include "controller/domain/json_reader.hpp"
#include "controller/domain/targets.hpp"
#include "controller/fleet/json_body.hpp"
#include "controller/http/problem.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::fleet {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kAgentNameBytes = 63;
constexpr std::size_t kTokenBytes = 200;

bool is_agent_name(std::string_view name) {
  const auto alphanumeric = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  };
  // A name in the shape of an id would make that id ambiguous.
  return !Uuid::parse(name) && !name.empty() && name.size() <= kAgentNameBytes &&
         alphanumeric(name.front()) && std::ranges::all_of(name, [&](char c) {
           return alphanumeric(c) || c == '.' || c == '_' || c == '-';
         });
}

std::string sha256(std::string_view text) {
  std::string digest(32, '\0');
  std::size_t size = 0;
  if (EVP_Q_digest(nullptr, "SHA256", nullptr, text.data(), text.size(),
                   reinterpret_cast<unsigned char*>(digest.data()), &size) != 1)
    throw std::runtime_error("SHA-256 is not available");
  return digest;
}

// One answer for unknown, used, revoked and expired: it tells nothing about tokens that exist.
std::unexpected<Error> bad_token() {
  return failure(ErrorCode::kUnauthenticated, "The enrolment token is unknown, used, revoked or expired.");
}

std::unexpected<Error> too_many() {
  return failure(ErrorCode::kTooMany, "Too many bad enrolment tokens came from this address. Try later.");
}

Time present() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

asio::awaitable<Result<EnrolmentRequest>> read_request(const http::Request& request, http::BodyReader& body) {
  const auto document = co_await read_json_body(request, body);
  if (!document) co_return std::unexpected(document.error());
  co_return judge_enrolment(*document);
}

// Labels decide who reaches a host: those of the token are its maker's word, and a host that says otherwise
// is not the one that was meant.
std::optional<Error> contradictions(const domain::Labels& own, const domain::Labels& of_token) {
  Error error{ErrorCode::kInvalid, "The token sets other labels.", {}};
  for (const auto& [key, value] : of_token) {
    const auto said = own.find(key);
    if (said == own.end() || said->second == value) continue;
    error.faults.push_back({"/labels/" + pointer_token(key), std::string(domain::fault::kBadValue),
                            fmt::format("The token sets {}={}.", key, value)});
  }
  if (error.faults.empty()) return std::nullopt;
  return error;
}

}  // namespace

Result<EnrolmentRequest> judge_enrolment(const boost::json::value& document) {
  domain::Faults faults;
  domain::ObjectReader reader(document, "", faults);
  EnrolmentRequest wanted;
  wanted.token =
      reader.text("token", {.need = domain::Need::kRequired, .max_bytes = kTokenBytes}).value_or("");
  wanted.csr = reader.text("csr", {.need = domain::Need::kRequired, .max_bytes = kRequestBytes}).value_or("");
  const auto name = reader.text("name", {.need = domain::Need::kRequired});
  if (name && !is_agent_name(*name))
    reader.fault("name", domain::fault::kBadValue,
                 "A name has 1 to 63 letters, digits, '.', '_' and '-' and begins with a letter or digit.");
  wanted.name = name.value_or("");
  if (const auto* labels = reader.nullable("labels"))
    wanted.labels = domain::read_labels(*labels, reader.pointer("labels"), faults);
  reader.refuse_unknown();
  if (!faults.empty()) return std::unexpected(faults.error());
  return wanted;
}

Enrolment::Enrolment(db::Database& database, runtime::BlockingPool& pool,
                     const certs::FleetAuthority& authority, std::string dispatch_key,
                     const store::AuditTrail& trail)
    : store_(database),
      refusals_(database),
      pool_(pool),
      authority_(authority),
      dispatch_key_(std::move(dispatch_key)),
      trail_(trail) {}

asio::awaitable<http::Response> Enrolment::answer(const http::Request& request, http::BodyReader& body) {
  auto wanted = co_await read_request(request, body);
  if (!wanted) co_return http::problem(wanted.error(), request.request_id);
  const std::string name = wanted->name;
  store::Origin by(trail_);
  by.address = request.remote_address;
  by.request_id = request.request_id;
  Result<boost::json::object> enrolled = too_many();
  const bool tried = guesses_.admit(request.remote_address);
  if (tried) enrolled = co_await enrol(std::move(*wanted), by);
  if (!enrolled) co_return co_await refused(request, name, std::move(enrolled.error()), std::move(by));
  runtime::log_info(
      {.request = request.request_id, .agent = std::string(enrolled->at("agent_id").as_string())},
      fmt::format("{} enrolled from {}", name, request.remote_address));
  co_return http::json_response(201, *enrolled);
}

asio::awaitable<http::Response> Enrolment::refused(const http::Request& request, std::string name, Error why,
                                                   store::Origin by) {
  const auto& address = request.remote_address;
  if (why.code == ErrorCode::kUnauthenticated) {
    const bool exceeded = guesses_.exceeded(address);
    guesses_.wrong(address);
    if (exceeded) why = too_many().error();
  }
  store::AuditEvent event{.action = "agent.enrol", .object_type = "agent"};
  event.object_name = std::move(name);
  event.reason = why.message;
  co_await refusals_.refused(std::move(by), std::move(event));
  auto response = http::problem(why, request.request_id);
  if (why.code == ErrorCode::kTooMany) http::set_retry_after(response, guesses_.wait(address));
  co_return response;
}

asio::awaitable<Result<boost::json::object>> Enrolment::enrol(EnrolmentRequest wanted, store::Origin by) {
  const std::string digest = sha256(wanted.token);
  const auto token_labels = co_await store_.usable(digest);
  if (!token_labels) co_return bad_token();

  store::EnrolledAgent agent;
  agent.id = runtime::new_uuid();
  agent.name = wanted.name;
  if (auto wrong = contradictions(wanted.labels, *token_labels)) co_return std::unexpected(std::move(*wrong));
  agent.labels = std::move(wanted.labels);
  agent.labels.insert(token_labels->begin(), token_labels->end());

  // Only now: a stranger without a token costs no signature.
  auto issue = [&authority = authority_, csr = std::move(wanted.csr), id = agent.id] {
    return authority.issue_agent(csr, id, present());
  };
  const auto certificate = co_await pool_.run(std::move(issue));
  if (!certificate) {
    Error refused{ErrorCode::kInvalid, certificate.error().message, {}};
    refused.faults.push_back({"/csr", std::string(domain::fault::kBadValue), certificate.error().message});
    co_return std::unexpected(std::move(refused));
  }
  agent.certificate = {certificate->serial, certificate->not_after, authority_.sha256(),
                       authority_.trusted_sha256()};
  boost::json::object answer;
  answer["agent_id"] = agent.id.str();
  answer["name"] = agent.name;
  answer["labels"] = domain::to_json(agent.labels);
  answer["certificate"] = certificate->pem;
  answer["ca"] = authority_.trusted_pem();
  answer["dispatch_key"] = dispatch_key_;

  const auto stored = co_await store_.enrol(digest, std::move(agent), std::move(by));
  if (!stored && stored.error().code == ErrorCode::kUnauthenticated) co_return bad_token();
  if (!stored) co_return std::unexpected(stored.error());
  co_return answer;
}

}  // namespace runbook::fleet
