#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/query.hpp"
#include "controller/domain/slug.hpp"
#include "controller/secrets/sealed_secret.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::api {

namespace {

Time now() { return std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now()); }

std::string read_secret(domain::ObjectReader& reader) {
  return reader.text("secret", {.need = domain::Need::kRequired, .max_bytes = limits::kCredentialBytes})
      .value_or("");
}

// Absent and null: none.
std::optional<domain::Selector> read_runbooks(domain::ObjectReader& reader) {
  if (reader.nullable("runbooks") == nullptr) return std::nullopt;
  const auto text = reader.text("runbooks", {.max_bytes = limits::kSelectorBytes});
  if (!text) return std::nullopt;  // the fault is noted
  auto selector = domain::Selector::parse(*text);
  if (!selector) {
    reader.fault("runbooks", domain::fault::kBadValue, selector.error().message);
    return std::nullopt;
  }
  if (selector->to_json().empty()) {
    reader.fault("runbooks", domain::fault::kBadValue,
                 "Leave runbooks out for a credential of all runbooks.");
    return std::nullopt;
  }
  return std::move(*selector);
}

}  // namespace

HandlerAnswer list_credentials(Call& call) {
  QueryReader query(call.request);
  auto request = query.page();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.credentials.list(std::move(request), call.reach);
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

HandlerAnswer create_credential(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  store::NewCredential credential;
  credential.id = runtime::new_uuid();
  credential.created_by = call.principal.person;
  credential.name =
      reader.text("name", {.need = domain::Need::kRequired, .max_bytes = limits::kCredentialNameBytes})
          .value_or("");
  if (!credential.name.empty() && !domain::is_slug(credential.name)) {
    reader.fault("name", domain::fault::kBadValue,
                 "A name begins with a lower-case letter and consists of those, digits and '_'.");
  }
  credential.type = reader.one_of("type", {"ssh", "api"}, domain::Need::kRequired).value_or("");
  const auto secret = read_secret(reader);
  credential.runbooks = read_runbooks(reader);
  reader.refuse_unknown();
  if (!faults.empty()) co_return std::unexpected(faults.error());
  credential.sealed =
      secrets::seal_secret(call.context.settings.credential_keys, credential.id, secret, now());
  const auto location = fmt::format("/credentials/{}", credential.id.str());
  auto made = co_await call.context.credentials.create(std::move(credential), origin_of(call));
  if (!made) co_return std::unexpected(made.error());
  co_return created(*made, location);
}

HandlerAnswer replace_credential(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  const auto secret = read_secret(reader);
  const auto& id = call.ids.front();
  store::NewSecret credential{.id = id, .sealed = {}};
  if (reader.member("runbooks") != nullptr) credential.runbooks = read_runbooks(reader);
  reader.refuse_unknown();
  if (!faults.empty()) co_return std::unexpected(faults.error());
  credential.sealed = secrets::seal_secret(call.context.settings.credential_keys, id, secret, now());
  auto shown = co_await call.context.credentials.replace(std::move(credential), origin_of(call));
  if (!shown) co_return std::unexpected(shown.error());
  co_return ok(*shown);
}

HandlerAnswer delete_credential(Call& call) {
  QueryReader query(call.request);
  const bool force = query.flag("force");
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  const auto removed = co_await call.context.credentials.remove(call.ids.front(), force, origin_of(call));
  if (!removed) co_return std::unexpected(removed.error());
  co_return no_content();
}

}  // namespace runbook::api
