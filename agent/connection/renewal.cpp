#include "agent/connection/renewal.hpp"

#include <boost/json.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "agent/connection/dial.hpp"
#include "agent/connection/http_post.hpp"
#include "certs/certificate_facts.hpp"
#include "certs/tls.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::connection {

namespace asio = boost::asio;
namespace json = boost::json;
using Clock = std::chrono::steady_clock;

namespace {

constexpr int kCreated = 201;
// The wall clock may be set: it is looked at again after this.
constexpr std::chrono::minutes kLook{10};

std::unexpected<Error> wrong_answer() {
  return failure(ErrorCode::kMalformed, "the controller's answer cannot be understood");
}

std::string text_member(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(json::string_view(name.data(), name.size()));
  return member != nullptr && member->is_string() ? std::string(member->get_string()) : std::string();
}

Result<AgentCertificate> read_answer(const HttpAnswer& answer, const Uuid& agent, std::string key_pem) {
  const auto document = parse_json(answer.body);
  if (!document || !document->is_object()) return wrong_answer();
  if (answer.status != kCreated) {
    return failure(ErrorCode::kForbidden,
                   fmt::format("the controller refused it: {} (status {})",
                               text_member(document->get_object(), "detail"), answer.status));
  }
  AgentCertificate renewed{text_member(document->get_object(), "certificate"),
                           text_member(document->get_object(), "ca"), std::move(key_pem)};
  const auto identity = certs::agent_identity_of(renewed.certificate_pem);
  if (!identity || identity->agent != agent)
    return failure(ErrorCode::kForbidden, "the controller sent a certificate that is not this agent's");
  if (certs::issuer_sha256(renewed.certificate_pem, renewed.ca_pem).empty())
    return failure(ErrorCode::kForbidden, "the controller sent a certificate of none of its authorities");
  return renewed;
}

asio::awaitable<std::optional<Result<AgentCertificate>>> exchange(ControllerAddress controller,
                                                                  AgentCertificate present, Uuid agent) {
  const auto key = certs::make_signing_request(agent.str());
  const auto context = certs::agent_link(present.certificate_pem, present.key_pem, present.ca_pem);
  const auto stream = co_await dial(std::move(controller), context);
  const json::object body = {{"csr", key.csr_pem}};
  const auto answer =
      co_await http_post(*stream, std::string(certs::kControllerName), "/renew", json::serialize(body));
  stream->close();
  if (!answer) co_return Result<AgentCertificate>(std::unexpected(answer.error()));
  auto renewed = read_answer(*answer, agent, key.key_pem);
  if (renewed) {
    // Throws when key, certificate and authorities cannot be used together.
    certs::agent_link(renewed->certificate_pem, renewed->key_pem, renewed->ca_pem);
  }
  co_return std::move(renewed);
}

}  // namespace

bool renewal_due(const AgentCertificate& certificate, const std::vector<std::string>& told, Time now) {
  const auto life = certs::certificate_life(certificate.certificate_pem);
  if (!life || now >= life->renew_at()) return true;
  if (told.empty()) return false;
  auto known = certs::certificate_digests(certificate.ca_pem);
  auto named = told;
  std::ranges::sort(known);
  std::ranges::sort(named);
  return known != named ||
         certs::issuer_sha256(certificate.certificate_pem, certificate.ca_pem) != told.front();
}

asio::awaitable<Result<AgentCertificate>> renew_certificate(ControllerAddress controller,
                                                            AgentCertificate present, Uuid agent) {
  std::string why = "it did not answer in time";
  try {
    auto done = co_await runtime::with_deadline(exchange(controller, std::move(present), agent),
                                                limits::kHttpBodyTime);
    if (done && *done) co_return std::move(**done);
  } catch (const boost::system::system_error& failed) {
    if (failed.code() == asio::error::operation_aborted) throw;
    why = failed.code().message();
  } catch (const std::runtime_error& unusable) {
    co_return failure(ErrorCode::kForbidden, unusable.what());
  }
  co_return failure(ErrorCode::kUnavailable, fmt::format("{}: {}", controller.url, why));
}

CertificateRenewal::CertificateRenewal(const asio::any_io_executor& executor, RenewalSettings settings)
    : settings_(std::move(settings)), news_(executor) {}

void CertificateRenewal::told(std::vector<std::string> authorities) {
  told_ = std::move(authorities);
  news_.notify();
}

asio::awaitable<void> CertificateRenewal::run() {
  for (;;) {
    if (!renewal_due(settings_.certificate, told_, settings_.now())) {
      co_await news_.wait_until(Clock::now() + kLook);
      continue;
    }
    // Told at the same time as all other agents; those whose time has come differ as it is.
    if (!renewal_due(settings_.certificate, {}, settings_.now())) {
      const auto share = settings_.random_unit();
      co_await pause(std::chrono::duration_cast<std::chrono::milliseconds>(settings_.spread * share));
    }
    const bool renewed = co_await renew();
    told_.clear();  // the next Welcome says it again, if need be
    // A clock that is weeks ahead makes the newest certificate look old: it is not asked for without an end.
    if (renewed && !renewal_due(settings_.certificate, {}, settings_.now())) continue;
    const auto wait = settings_.pause * (0.5 + settings_.random_unit());
    co_await pause(std::chrono::duration_cast<std::chrono::milliseconds>(wait));
  }
}

asio::awaitable<bool> CertificateRenewal::renew() {
  auto renewed = co_await renew_certificate(settings_.controller, settings_.certificate, settings_.agent);
  if (!renewed) {
    runtime::log_warning({}, fmt::format("the certificate is not renewed: {}", renewed.error().message));
    co_return false;
  }
  const auto stored = co_await settings_.store(*renewed);
  if (!stored) {
    runtime::log_error({}, fmt::format("the renewed certificate is not kept: {}", stored.error().message));
    co_return false;
  }
  settings_.certificate = std::move(*renewed);
  settings_.use(settings_.certificate);
  const auto life = certs::certificate_life(settings_.certificate.certificate_pem);
  runtime::log_info({}, fmt::format("certificate renewed, good until {}", rfc3339(life->until)));
  co_return true;
}

asio::awaitable<void> CertificateRenewal::pause(std::chrono::milliseconds length) {
  const auto until = Clock::now() + length;
  while (Clock::now() < until) co_await news_.wait_until(until);
}

}  // namespace runbook::connection
