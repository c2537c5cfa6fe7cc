// ExecutionRun's secrets: parameters and substituted values are opened when it is loaded, credentials when
// they are about to be used. Opened ones are in this process's memory only.
#include <algorithm>
#include <tuple>

#include "controller/engine/execution_run.hpp"
#include "controller/engine/hidden_values.hpp"
#include "controller/engine/step_credentials.hpp"
#include "controller/secrets/sealed_secret.hpp"

namespace runbook::engine {
namespace {

// OpenSSH reads a key only when its last line is ended.
std::string file_content(std::string secret, std::string_view type) {
  if (type == "ssh" && !secret.ends_with('\n')) secret += '\n';
  return secret;
}

std::vector<Uuid> ids_of(const std::vector<store::CredentialName>& credentials) {
  std::vector<Uuid> ids;
  for (const auto& credential : credentials) ids.push_back(credential.id);
  return ids;
}

// In the order of `used`, or what is wrong with one of them.
Result<std::vector<CommandCredential>> opened(const secrets::FernetKeys& keys,
                                              const std::vector<store::CredentialName>& used,
                                              const std::vector<store::UsedCredential>& found) {
  std::vector<CommandCredential> list;
  for (const auto& one : used) {
    const auto& [id, name] = std::tie(one.id, one.name);
    const auto row = std::ranges::find(found, id, &store::UsedCredential::id);
    if (row == found.end()) {
      return failure(ErrorCode::kNotFound, fmt::format("the credential {} was deleted", name));
    }
    if (!row->usable) {
      return failure(ErrorCode::kForbidden,
                     fmt::format("the credential {} may not be used in this runbook any more", name));
    }
    auto secret = secrets::open_secret(keys, id, row->sealed);
    if (!secret) {
      return failure(ErrorCode::kInvalid,
                     fmt::format("the credential {} does not open with the keys of this controller", name));
    }
    list.push_back({id, name, file_content(std::move(*secret), row->type)});
  }
  return list;
}

}  // namespace

bool ExecutionRun::open_parameters() {
  const auto secret = ExecutionSeals(context_.keys, loaded_.state.id).open(loaded_.sealed_parameters);
  if (!secret) return false;
  parameters_ = loaded_.parameters;
  for (const auto& entry : *secret) parameters_[entry.key()] = entry.value();
  secrets_ = secret_texts(*secret);
  parameters_open_ = true;
  return true;
}

// Those that ended too: a repeat is compared with them.
void ExecutionRun::open_steps() {
  if (loaded_.sealed_parameters.empty()) return;
  const ExecutionSeals seals(context_.keys, loaded_.state.id);
  for (std::size_t index = 0; index < loaded_.state.steps.size(); ++index) {
    auto& step = loaded_.state.steps[index];
    if (!step.opened.empty()) continue;
    auto values = seals.open(step);
    if (values) {
      step.opened = std::move(*values);
    } else if (!is_terminal(step.status)) {
      refuse(index, "what was substituted in it does not open with the keys of this controller");
    }
  }
}

boost::asio::awaitable<void> ExecutionRun::open_credentials() {
  for (std::size_t index = 0; index < loaded_.state.steps.size(); ++index) {
    const auto& step = loaded_.state.steps[index];
    if (is_terminal(step.status) || used_credentials(step.frozen).empty()) continue;
    const bool waits = step.status == domain::StepStatus::kAwaitingApproval &&
                       !(step.approval && domain::is_given(*step.approval));
    if (waits) continue;
    if (!std::ranges::any_of(step.attempts, [this](const auto& one) { return is_to_be_sent(one); })) continue;
    const auto wrong = co_await open_credentials(index);
    if (interrupted()) co_return;
    if (wrong) refuse(index, *wrong);
  }
}

boost::asio::awaitable<std::optional<std::string>> ExecutionRun::open_credentials(std::size_t index) {
  const auto used = used_credentials(loaded_.state.steps[index].frozen);
  const auto found = co_await context_.credentials.use(ids_of(used), loaded_.runbook);
  if (interrupted()) co_return std::nullopt;
  auto list = opened(context_.keys, used, found);
  if (!list) co_return list.error().message;
  loaded_.state.steps[index].credentials = std::move(*list);
  co_return std::nullopt;
}

// Which ones they are is fixed now; what they hold is read when they are used.
boost::asio::awaitable<void> ExecutionRun::name_credentials(std::size_t index, domain::Prepared& prepared) {
  const auto block = loaded_.state.steps[index].block;
  const auto names = named_credentials(block);
  if (names.empty()) co_return;
  const auto known = co_await context_.credentials.named(names, loaded_.runbook);
  if (interrupted()) co_return;
  if (const auto faults = judge_credentials(block, known, ""); !faults.empty()) {
    prepared.error = faults.front().message;
    co_return;
  }
  std::vector<store::CredentialName> used;
  for (const auto& name : names) {
    used.push_back(*std::ranges::find(known, name, &store::CredentialName::name));
  }
  prepared.frozen["credentials"] = frozen_credentials(used);
}

// What the answer must not show, and the credential's header; or why the request cannot be sent.
boost::asio::awaitable<std::optional<std::string>> ExecutionRun::add_secrets(Uuid step,
                                                                             domain::ApiConfig config,
                                                                             domain::ApiRequest& request) {
  request.secrets = secrets_;
  const auto index = step_index(step);
  if (!index || config.credential.empty()) co_return std::nullopt;
  const auto used = used_credentials(loaded_.state.steps[*index].frozen);
  const auto found = co_await context_.credentials.use(ids_of(used), loaded_.runbook);
  const auto list = opened(context_.keys, used, found);
  if (!list) co_return list.error().message;
  if (list->empty()) co_return fmt::format("no credential was fixed for {}", config.credential);
  const auto& secret = list->front().secret;
  auto header = credential_header(config.auth, secret);
  if (!header) co_return fmt::format("the credential {} {}", config.credential, header.error().message);
  request.credential = std::move(*header);
  std::ranges::move(secrets_in(config.auth, secret), std::back_inserter(request.secrets));
  co_return std::nullopt;
}

}  // namespace runbook::engine
