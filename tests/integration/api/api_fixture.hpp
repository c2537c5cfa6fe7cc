// ApiTest: the public handler over a fresh database, asked without sockets. Every answer is held against
// openapi.yaml.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/json.hpp>

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "controller/api/context.hpp"
#include "controller/api/handler.hpp"
#include "tests/integration/api/fake_surroundings.hpp"
#include "tests/integration/api/schema.hpp"
#include "tests/support/audit.hpp"
#include "tests/support/postgres.hpp"

namespace runbook::api {

struct Ask {
  http::Method method = http::Method::kGet;
  std::string path;  // with query, not encoded
  std::optional<std::string> body = {};
  std::vector<std::pair<std::string, std::string>> headers = {};  // names in lower case
  std::optional<std::string> content_type = "application/json";   // sent with a body
  bool secure = false;
  bool upgrade = false;
  std::string address = "192.0.2.7";
};

struct Reply {
  unsigned status = 0;
  http::Headers headers;
  std::string text;
  boost::json::value body;
  bool websocket = false;

  std::string header(std::string_view name) const;
  std::string at(std::string_view pointer) const;  // a text of the body; "" when it is not there
  std::vector<std::string> faults() const;         // "pointer code" of every fault
};

class ApiTest : public testing::PostgresTest {
 protected:
  ApiTest();

  // By the key of a person with this role, whose name is the role's.
  Reply as(std::string_view role, Ask ask);
  Reply send(Ask ask);  // as it is
  const std::string& key(std::string_view role);

  Reply get(std::string path) { return as("admin", {.path = std::move(path)}); }
  Reply post(std::string path, const boost::json::value& body) {
    return as("admin",
              {.method = http::Method::kPost, .path = std::move(path), .body = boost::json::serialize(body)});
  }
  Reply remove(std::string path) {
    return as("admin", {.method = http::Method::kDelete, .path = std::move(path)});
  }

  // Its answer; fails the test when it was refused.
  boost::json::object make_runbook(std::string title = "Runbook");
  Uuid make_agent(const std::string& name, const boost::json::object& labels = {}, bool online = false);
  // An execution of a new runbook with one instruction step, started by `role`: {execution, step}.
  std::pair<Uuid, Uuid> make_execution(const std::string& status = "running",
                                       std::string_view role = "admin");

  boost::asio::io_context loop_;
  metrics::Metrics metrics_;
  FakeEngine engine_;
  FakeHub hub_;
  FakeLive live_;
  const testing::TestAudit audit_;
  Context context_;

 private:
  http::Handler handler_;
  Schemas schemas_;
  std::map<std::string, std::string, std::less<>> keys_;
};

// A runbook's document with an instruction and a command.
boost::json::object runbook_document(std::string title = "Runbook");

}  // namespace runbook::api
