#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <exception>
#include <optional>
#include <utility>

#include "agent/app/commands.hpp"
#include "agent/app/state_directory.hpp"
#include "agent/connection/enrolment.hpp"
#include "agent/connection/host_facts.hpp"

namespace runbook::agent {
namespace {

constexpr std::size_t kDigestDigits = 64;

Result<std::string> parse_digest(std::string text) {
  std::erase(text, ':');  // as openssl prints fingerprints
  for (char& digit : text) digit = static_cast<char>(std::tolower(static_cast<unsigned char>(digit)));
  const bool hex = text.find_first_not_of("0123456789abcdef") == std::string::npos;
  if (!hex || text.size() != kDigestDigits) {
    return failure(ErrorCode::kInvalid, "--ca-sha256 has to be the 64 hex digits that came with the token.");
  }
  return text;
}

Result<connection::EnrolmentRequest> request_of(const EnrollOptions& options) {
  auto address = connection::parse_address(options.controller);
  if (!address) return std::unexpected(address.error());
  auto digest = parse_digest(options.ca_sha256);
  if (!digest) return std::unexpected(digest.error());
  auto labels = parse_labels(options.labels);
  if (!labels) return std::unexpected(labels.error());
  connection::EnrolmentRequest request;
  request.controller = std::move(*address);
  request.token = options.token;
  request.ca_sha256 = std::move(*digest);
  request.name = options.name.empty() ? connection::host_name() : options.name;
  request.labels = std::move(*labels);
  return request;
}

Result<connection::Enrolment> ask(connection::EnrolmentRequest request) {
  boost::asio::io_context io(1);
  std::optional<Result<connection::Enrolment>> answer;
  std::exception_ptr fault;
  auto exchange = [](connection::EnrolmentRequest wanted,
                     std::optional<Result<connection::Enrolment>>& got) -> boost::asio::awaitable<void> {
    got = co_await connection::enroll(std::move(wanted));
  };
  boost::asio::co_spawn(io, exchange(std::move(request), answer),
                        [&fault](const std::exception_ptr& escaped) { fault = escaped; });
  io.run();
  if (fault) std::rethrow_exception(fault);
  return std::move(*answer);
}

Result<Identity> enrolled(const EnrollOptions& options, connection::EnrolmentRequest request) {
  const std::string controller = request.controller.url;
  auto enrolment = ask(std::move(request));
  if (!enrolment) return std::unexpected(enrolment.error());
  Identity identity{
      enrolment->agent,           enrolment->name,   enrolment->labels,  controller,
      enrolment->certificate_pem, enrolment->ca_pem, enrolment->key_pem, enrolment->dispatch_key};
  const auto stored = StateDirectory(options.state_directory).store_identity(identity);
  if (!stored) return std::unexpected(stored.error());
  return identity;
}

}  // namespace

int enroll_host(const EnrollOptions& options) {
  auto request = request_of(options);
  if (!request) return report(request.error(), kWrongUsage);
  const StateDirectory state(options.state_directory);
  if (const auto created = state.create(); !created) return report(created.error());
  const auto lock = state.lock();
  if (!lock) return report(lock.error());
  if (state.has_identity() && !options.replace) {
    return report(
        {ErrorCode::kConflict, fmt::format("This host is enrolled already in {}; --replace makes it a new "
                                           "agent.",
                                           options.state_directory)});
  }
  ::signal(SIGPIPE, SIG_IGN);
  try {
    const auto identity = enrolled(options, std::move(*request));
    if (!identity) return report(identity.error());
    fmt::print("Enrolled as \"{}\" (agent {}). Start it with: runbook-agent run --state-dir {}\n",
               identity->name, identity->agent.str(), options.state_directory);
  } catch (const std::exception& error) {
    return report({ErrorCode::kUnavailable, fmt::format("The enrolment failed: {}.", error.what())});
  }
  return kDone;
}

}  // namespace runbook::agent
