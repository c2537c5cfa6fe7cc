#include "controller/app/key_commands.hpp"

#include <fmt/format.h>

#include "certs/certificate_facts.hpp"
#include "controller/app/audit_files.hpp"
#include "controller/app/authority_files.hpp"
#include "controller/app/command_context.hpp"
#include "controller/app/credential_keys.hpp"
#include "controller/app/listeners.hpp"
#include "controller/audit/audit.hpp"
#include "controller/audit/verification.hpp"
#include "controller/auth/secret.hpp"
#include "controller/domain/selector.hpp"
#include "controller/store/api_key_store.hpp"
#include "controller/store/credential_store.hpp"
#include "controller/store/enrollment_token_store.hpp"
#include "controller/store/sealed_value_store.hpp"
#include "db/database.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::app {
namespace {

namespace asio = boost::asio;

domain::Labels parsed_labels(const std::vector<std::string>& pairs) {
  domain::Labels labels;
  for (const auto& pair : pairs) {
    const auto equals = pair.find('=');
    const auto key = pair.substr(0, equals);
    const auto value = equals == std::string::npos ? std::string{} : pair.substr(equals + 1);
    auto fault = domain::label_key_fault(key);
    if (fault.empty()) fault = domain::label_value_fault(value);
    if (!fault.empty()) throw SettingsError(fmt::format("--label {}: {}", pair, fault));
    labels[key] = value;
  }
  return labels;
}

// What is made here is told of like what is made by people.
store::AuditTrail audit_trail(const Settings& settings) {
  return store::AuditTrail(audit_files_of(settings, data_folder_of(settings)).key);
}

}  // namespace

int run_rotate_keys(const Settings& settings) {
  const auto keys = credential_keys_of(data_folder_of(settings));
  db::Database database{command_database(settings)};
  store::CredentialStore credentials{database};
  Resealed resealed;
  const auto trail = audit_trail(settings);
  store::SealedValueStore values{database};
  Resealed resealed_values;
  auto rotate = [](store::CredentialStore& store, const secrets::FernetKeys& with, store::Origin by,
                   Resealed& count) -> asio::awaitable<void> {
    count = co_await rotate_credential_keys(store, with, std::move(by));
  };
  auto rotate_values = [](store::SealedValueStore& store, const secrets::FernetKeys& with,
                          Resealed& count) -> asio::awaitable<void> {
    count = co_await reseal_values(store, with);
  };
  run_alone(rotate(credentials, keys, store::Origin(trail), resealed));
  run_alone(rotate_values(values, keys, resealed_values));
  const bool all = resealed.unopened + resealed_values.unopened == 0;
  fmt::print(all ? stdout : stderr, "{}\n", told(resealed, resealed_values));
  return all ? 0 : 1;
}

int run_audit_verify(const Settings& settings) {
  auto files = audit_files_of(settings, data_folder_of(settings));
  const audit::Audit audit(std::move(files.key), std::move(files.checkpoints));
  db::Database database{command_database(settings)};
  store::AuditStore rows{database};
  audit::Verification found;
  auto look = [](store::AuditStore& store, const audit::Audit& with, runtime::BlockingPool& pool,
                 audit::Verification& into) -> asio::awaitable<void> {
    into = co_await audit::verify(store, with.trail, with.checkpoints, pool);
  };
  run_alone(look(rows, audit, database.pool(), found));
  if (found.valid) {
    fmt::print("The audit trail is as it was written: {} rows, {}.\n", found.checked,
               found.checkpoint ? fmt::format("the newest checkpoint is of {}", rfc3339(found.checkpoint->at))
                                : "no checkpoints");
    return 0;
  }
  if (found.first_bad) {
    fmt::print(stderr, "The audit trail was changed. The first bad row is {}: {}\n", *found.first_bad,
               *found.reason);
  } else {
    fmt::print(stderr, "The audit trail cannot be trusted: {}\n", *found.reason);
  }
  return 1;
}

int run_api_key_create(const Settings& settings, const ApiKeyOrder& order) {
  const auto secret = auth::new_api_key();
  store::NewApiKey key;
  key.name = order.name;
  key.prefix = secret.prefix;
  key.digest = secret.digest;
  key.roles = boost::json::value_from(order.roles).as_array();
  key.owner = order.owner.empty() ? order.name : order.owner;
  db::Database database{command_database(settings)};
  store::ApiKeyStore keys{database};
  const auto trail = audit_trail(settings);
  auto create = [](store::ApiKeyStore& store, store::NewApiKey wanted,
                   store::Origin by) -> asio::awaitable<void> {
    co_await store.create(std::move(wanted), std::move(by));
  };
  run_alone(create(keys, std::move(key), store::Origin(trail)));
  fmt::print("{}\n", secret.text);
  return 0;
}

int run_enrollment_token_create(const Settings& settings, const std::vector<std::string>& labels) {
  const auto secret = auth::new_enrollment_token();
  const auto pin = certs::certificate_sha256(authority_certificate(settings));
  store::NewEnrollmentToken token;
  token.digest = secret.digest;
  token.labels = parsed_labels(labels);
  token.expires_at = std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()) +
                     limits::kEnrolmentTokenLife;
  db::Database database{command_database(settings)};
  store::EnrollmentTokenStore tokens{database};
  auto create = [](store::EnrollmentTokenStore& store, store::NewEnrollmentToken wanted,
                   store::Origin by) -> asio::awaitable<void> {
    co_await store.create(std::move(wanted), std::move(by));
  };
  const auto trail = audit_trail(settings);
  run_alone(create(tokens, std::move(token), store::Origin(trail)));
  fmt::print("runbook-agent enroll --controller {} --token {} --ca-sha256 {}\n",
             local_url(settings.agent_listen, true), secret.text, pin);
  return 0;
}

}  // namespace runbook::app
