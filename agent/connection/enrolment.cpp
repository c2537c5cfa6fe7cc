#include "agent/connection/enrolment.hpp"

#include <boost/json.hpp>
#include <boost/system/system_error.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <utility>

#include "agent/connection/dial.hpp"
#include "agent/connection/http_post.hpp"
#include "certs/certificate_facts.hpp"
#include "certs/tls.hpp"
#include "protocol/messages/dispatch_signature.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/deadline.hpp"

namespace runbook::connection {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr int kCreated = 201;

std::string body_of(const EnrolmentRequest& request, const std::string& csr_pem) {
  json::object labels;
  for (const auto& [key, value] : request.labels) labels[key] = value;
  const json::object body = {
      {"token", request.token}, {"csr", csr_pem}, {"name", request.name}, {"labels", std::move(labels)}};
  return json::serialize(body);
}

const json::string* text_member(const json::object& object, std::string_view name) {
  const json::value* member = object.if_contains(json::string_view(name.data(), name.size()));
  return member != nullptr ? member->if_string() : nullptr;
}

// The sentence of a problem document (RFC 9457), or just the status.
std::string problem(const HttpAnswer& answer) {
  if (const auto document = parse_json(answer.body); document && document->is_object()) {
    for (const char* name : {"detail", "title"}) {
      if (const auto* text = text_member(document->get_object(), name)) return std::string(*text);
    }
  }
  return fmt::format("status {}", answer.status);
}

Result<Enrolment> read_answer(const HttpAnswer& answer, const EnrolmentRequest& request,
                              std::string key_pem) {
  if (answer.status != kCreated) {
    return failure(ErrorCode::kForbidden,
                   fmt::format("The controller refused the enrolment: {}", problem(answer)));
  }
  const auto wrong = [] {
    return failure(ErrorCode::kMalformed, "The controller's answer cannot be understood.");
  };
  const auto document = parse_json(answer.body);
  if (!document || !document->is_object()) return wrong();
  const json::object& object = document->get_object();
  const auto* id = text_member(object, "agent_id");
  const auto* name = text_member(object, "name");
  const auto* certificate = text_member(object, "certificate");
  const auto* ca = text_member(object, "ca");
  const auto* dispatch_key = text_member(object, "dispatch_key");
  const json::value* labels = object.if_contains("labels");
  if (!id || !name || !certificate || !ca || !dispatch_key || !labels || !labels->is_object()) return wrong();
  const auto agent = Uuid::parse(std::string_view(id->data(), id->size()));
  if (!agent) return wrong();

  Enrolment enrolment{*agent,
                      std::string(*name),
                      {},
                      std::string(*certificate),
                      std::string(*ca),
                      std::move(key_pem),
                      std::string(*dispatch_key)};
  for (const auto& [key, value] : labels->get_object()) {
    if (value.is_string()) enrolment.labels[std::string(key)] = std::string(value.get_string());
  }
  if (!DispatchVerifier::of(enrolment.dispatch_key)) return wrong();
  const auto authorities = certs::certificate_digests(enrolment.ca_pem);
  if (std::ranges::find(authorities, request.ca_sha256) == authorities.end()) {
    return failure(ErrorCode::kForbidden, "The controller sent another CA than the one that was asked for.");
  }
  return enrolment;
}

asio::awaitable<Result<Enrolment>> exchange(EnrolmentRequest request) {
  const certs::SigningRequest key = certs::make_signing_request(request.name);
  const auto context = certs::pinned_client(request.ca_sha256);
  const auto stream = co_await dial(request.controller, context);
  const std::string host(certs::kControllerName);
  const auto answer = co_await http_post(*stream, host, "/enroll", body_of(request, key.csr_pem));
  stream->close();
  if (!answer) co_return std::unexpected(answer.error());
  co_return read_answer(*answer, request, key.key_pem);
}

// For co_spawn, which wants a default-constructible result.
asio::awaitable<std::optional<Result<Enrolment>>> exchange_or_nothing(EnrolmentRequest request) {
  auto enrolment = co_await exchange(std::move(request));
  co_return std::optional<Result<Enrolment>>(std::move(enrolment));
}

Result<Enrolment> unreachable(const ControllerAddress& address, std::string_view why) {
  return failure(ErrorCode::kUnavailable,
                 fmt::format("The controller at {} cannot be reached: {}.", address.url, why));
}

}  // namespace

asio::awaitable<Result<Enrolment>> enroll(EnrolmentRequest request) {
  const ControllerAddress address = request.controller;
  std::optional<std::optional<Result<Enrolment>>> done;
  boost::system::error_code error;
  try {
    done = co_await runtime::with_deadline(exchange_or_nothing(std::move(request)), limits::kHttpBodyTime);
  } catch (const boost::system::system_error& failed) {
    error = failed.code();
  }
  if (is_wrong_controller(error)) {
    co_return failure(ErrorCode::kForbidden,
                      fmt::format("What answers at {} does not have a certificate of the CA with the given "
                                  "--ca-sha256.",
                                  address.url));
  }
  if (error) co_return unreachable(address, error.message());
  if (!done || !*done) co_return unreachable(address, "it did not answer in time");
  co_return std::move(**done);
}

}  // namespace runbook::connection
