// SecretsTest: executions with credentials and secret parameters, and where secrets turn up.
#pragma once

#include <gmock/gmock.h>

#include <string>
#include <vector>

#include "controller/secrets/sealed_secret.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/integration/engine/engine_fixture.hpp"
#include "tests/support/credential_keys.hpp"

namespace runbook::testing {

inline constexpr const char* kPin = "hunter2-and-more";
inline constexpr const char* kWithKey = R"([{"name": "Deploy", "type": "command",
    "config": {"command": "deploy", "credentials": ["deploy_key"]}}])";

class SecretsTest : public EngineTest {
 protected:
  SecretsTest() {
    add_agent("web1");
    add_agent("web2");
  }

  Uuid add_credential(const std::string& name, const std::string& type, const std::string& secret) {
    const auto id = runtime::new_uuid();
    const auto sealed = secrets::seal_secret(credential_keys(), id, secret, Time{});
    sql("INSERT INTO credential (id, name, type, sealed, created_by) VALUES ('" + id.str() + "', '" + name +
        "', '" + type + "', '" + sealed + "', '" + person.str() + "')");
    return id;
  }

  // All of them, to runbooks that `selector` selects.
  void limit_credentials(const std::string& selector) {
    const auto parsed = domain::Selector::parse(selector).value().to_json();
    sql("UPDATE credential SET runbooks = '" + selector + "', runbooks_selector = '" +
        boost::json::serialize(parsed) + "'");
  }

  engine::ExecuteRequest allowed(const Uuid& runbook, std::vector<std::string> hosts = {"web1"}) const {
    auto asked = request(runbook, std::move(hosts));
    asked.credential_reach = domain::Reach::everything();
    return asked;
  }

  Uuid run(engine::ExecuteRequest asked) {
    const auto accepted = call(engine().execute(std::move(asked), origin()));
    if (!accepted) throw std::runtime_error("not accepted: " + accepted.error().message);
    return accepted->execution;
  }

  Uuid run_to_end(engine::ExecuteRequest asked) {
    const auto execution = run(std::move(asked));
    run_until([&] { return ended(execution); });
    return execution;
  }

  // A runbook with a secret parameter `pin` and a plain one `user`.
  Uuid add_runbook_with_pin(const std::string& blocks) {
    return add_runbook(blocks, R"([{"name": "pin", "type": "string", "secret": true},
                                   {"name": "user", "type": "string"}])");
  }

  engine::ExecuteRequest with_pin(const Uuid& runbook, std::vector<std::string> hosts = {"web1"}) const {
    auto asked = allowed(runbook, std::move(hosts));
    asked.parameters = {{"pin", kPin}, {"user", "ada"}};
    return asked;
  }

  // Rows of all tables, as text, that hold `text`.
  std::vector<std::string> places_of(const std::string& text) {
    std::vector<std::string> places;
    for (const auto& table : sql("SELECT table_name FROM information_schema.tables WHERE table_schema = "
                                 "current_schema() AND table_type = 'BASE TABLE'")) {
      const auto name = db::text(table[0]);
      const auto rows = sql("SELECT 1 FROM \"" + name + "\" t WHERE position('" + text + "' in t::text) > 0");
      if (!rows.empty()) places.push_back(name);
    }
    return places;
  }

  std::string told() {
    std::string all;
    for (const auto& [execution, events] : observer.events) {
      for (const auto& [seq, event] : events) all += boost::json::serialize(event.data);
    }
    return all;
  }

  std::string column_of_attempt(const std::string& name) {
    return db::optional_text(sql("SELECT " + name + " FROM attempt")[0][0]).value_or("");
  }

  std::string column_of(const Uuid& execution, const std::string& name) {
    return db::optional_text(
               sql("SELECT " + name + " FROM execution WHERE id = '" + execution.str() + "'")[0][0])
        .value_or("");
  }
};

}  // namespace runbook::testing
