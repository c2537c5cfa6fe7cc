#include "tests/integration/engine/engine_fixture.hpp"

#include <boost/asio/co_spawn.hpp>

#include "controller/domain/runbook.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/support/credential_keys.hpp"

namespace runbook::testing {
namespace {

constexpr std::chrono::seconds kPatience{20};

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'') out.push_back('\'');
    out.push_back(c);
  }
  return out + "'";
}

}  // namespace

EngineTest::EngineTest() : person(runtime::new_uuid()) {
  sql("INSERT INTO person (id, name) VALUES ('" + person.str() + "', 'Ada')");
  fleet.pinned = DispatchVerifier::of(dispatch_key.public_key()).value();
}

EngineTest::~EngineTest() {
  if (life_) crash();
  if (other_) end(other_);
}

std::unique_ptr<EngineTest::Life> EngineTest::make_life() {
  auto life = std::make_unique<Life>();
  life->database = std::make_unique<db::Database>(db::DatabaseSettings{.url = url(), .connections = 4});
  life->engine = engine::Engine::create(life->io.get_executor(), *life->database, fleet, observer, api,
                                        life->metrics, runtime::new_uuid(), credential_keys(), dispatch_key,
                                        audit_.audit.trail, policy);
  return life;
}

// What runs in the database still ends there; nobody hears of it.
void EngineTest::end(std::unique_ptr<Life>& life) {
  life->io.stop();
  life->database.reset();
  life->engine.reset();
  life.reset();
}

void EngineTest::start() {
  life_ = make_life();
  fleet.serve(life_->io, *life_->engine);
  life_->engine->start();
  fleet.connect_all();
}

void EngineTest::start_other() {
  other_ = make_life();
  other_->engine->start();
}

void EngineTest::crash() {
  fleet.leave();
  api.forget();
  end(life_);
  sql("UPDATE execution SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL");
}

void EngineTest::kill_first() {
  fleet.leave();
  api.forget();
  end(life_);
  life_ = std::move(other_);
  fleet.serve(life_->io, *life_->engine);
  fleet.connect_all();
}

void EngineTest::stop() {
  auto ending = [](engine::Engine& ended) -> boost::asio::awaitable<bool> {
    co_await ended.stop();
    co_return true;
  };
  call(ending(engine()));
  fleet.leave();
  life_->database.reset();
  life_->engine.reset();
  life_.reset();
}

void EngineTest::run_until(const std::function<bool()>& done) {
  const auto until = std::chrono::steady_clock::now() + kPatience;
  while (!done()) {
    if (std::chrono::steady_clock::now() > until) {
      ADD_FAILURE() << "waited too long";
      throw std::runtime_error("waited too long");
    }
    if (other_) {
      other_->io.poll();
      io().run_one_for(std::chrono::milliseconds{1});
    } else {
      io().run_one_for(std::chrono::milliseconds{10});
    }
  }
}

void EngineTest::run_until_stored(const std::function<bool()>& done) {
  auto next = std::chrono::steady_clock::now();
  run_until([&] {
    if (std::chrono::steady_clock::now() < next) return false;
    next = std::chrono::steady_clock::now() + std::chrono::milliseconds{10};
    return done();
  });
}

bool EngineTest::run_handlers(std::size_t count) {
  for (std::size_t i = 0; i < count; ++i) {
    if (io().run_one_for(std::chrono::milliseconds{300}) == 0) return false;
  }
  return true;
}

Uuid EngineTest::add_agent(const std::string& name) {
  const auto agent = runtime::new_uuid();
  sql("INSERT INTO agent (id, name, labels, certificate_serial, certificate_until) VALUES ('" + agent.str() +
      "', '" + name + "', '{\"role\": \"web\"}', '" + agent.str() + "', now() + interval '1 day')");
  fleet.add(agent);
  return agent;
}

Uuid EngineTest::add_runbook(const std::string& blocks, const std::string& parameters) {
  const auto document = boost::json::parse(R"({"title": "Test", "parameters": )" + parameters +
                                           R"(, "blocks": )" + blocks + "}");
  const auto runbook = domain::judge_runbook(document, [] { return runtime::new_uuid(); });
  if (!runbook) throw std::runtime_error("the test's runbook is not valid: " + runbook.error().message);
  const auto id = runtime::new_uuid();
  sql("INSERT INTO runbook (id, title, description, labels, version_number, created_by) VALUES ('" +
      id.str() + "', 'Test', '', '{}', 1, '" + person.str() + "')");
  sql("INSERT INTO runbook_version (id, runbook_id, version_number, content, created_by) VALUES ('" +
      runtime::new_uuid().str() + "', '" + id.str() + "', 1, " +
      quoted(boost::json::serialize(domain::to_json(*runbook))) + ", '" + person.str() + "')");
  return id;
}

engine::ExecuteRequest EngineTest::request(const Uuid& runbook, std::vector<std::string> hosts) const {
  engine::ExecuteRequest request;
  request.runbook = runbook;
  request.targets.hosts = std::move(hosts);
  request.approval = "preapproved";
  request.requested_by = person;
  request.reach = domain::Reach::everything();
  request.request_digest = std::string(32, 'd');
  return request;
}

Uuid EngineTest::execute(const Uuid& runbook, std::vector<std::string> hosts) {
  const auto accepted = call(engine().execute(request(runbook, std::move(hosts)), origin()));
  if (!accepted) throw std::runtime_error("not accepted: " + accepted.error().message);
  return accepted->execution;
}

Uuid EngineTest::add_person(const std::string& name) {
  const auto id = runtime::new_uuid();
  sql("INSERT INTO person (id, name) VALUES ('" + id.str() + "', '" + name + "')");
  return id;
}

Result<engine::Accepted> EngineTest::control(const Uuid& execution, domain::Control what) {
  return control(execution, std::move(what), person);
}

Result<engine::Accepted> EngineTest::control(const Uuid& execution, domain::Control what, const Uuid& by) {
  return call(engine().control(execution, std::move(what),
                               {.person = by,
                                .name = "somebody",
                                .reach = domain::Reach::everything(),
                                .approves_any = domain::Reach::everything()},
                               origin()));
}

std::string EngineTest::column(const Uuid& execution, const std::string& slug, const std::string& name) {
  const auto rows = sql("SELECT " + name + " FROM execution_step WHERE job_id = '" + execution.str() +
                        "' AND slug = '" + slug + "' ORDER BY attempt DESC LIMIT 1");
  return db::optional_text(rows[0][0]).value_or("");
}

Uuid EngineTest::step_of(const Uuid& execution, const std::string& slug) {
  return Uuid::parse(column(execution, slug, "id")).value();
}

void EngineTest::wait_for(const Uuid& execution, const std::string& status) {
  run_until_stored([&] { return status_of(execution) == status; });
}

std::string EngineTest::status_of(const Uuid& execution) {
  return db::text(sql("SELECT status FROM execution WHERE id = '" + execution.str() + "'")[0][0]);
}

bool EngineTest::ended(const Uuid& execution) {
  const auto& seen = observer.events[execution];
  if (seen.empty() || seen.rbegin()->second.kind != "execution") return false;
  const auto& end_time = seen.rbegin()->second.data.at("end_time");
  return !end_time.is_null();
}

bool EngineTest::ended_stored(const Uuid& execution) {
  return !sql("SELECT end_time FROM execution WHERE id = '" + execution.str() + "'")[0][0].is_null();
}

std::vector<std::string> EngineTest::step_statuses(const Uuid& execution) {
  std::vector<std::string> statuses;
  for (const auto& row : sql("SELECT status FROM execution_step WHERE job_id = '" + execution.str() +
                             "' ORDER BY \"order\", attempt")) {
    statuses.push_back(db::text(row[0]));
  }
  return statuses;
}

std::vector<Uuid> EngineTest::step_ids(const Uuid& execution) {
  std::vector<Uuid> ids;
  for (const auto& row : sql("SELECT id FROM execution_step WHERE job_id = '" + execution.str() +
                             "' ORDER BY \"order\", attempt")) {
    ids.push_back(db::uuid(row[0]));
  }
  return ids;
}

std::map<std::string, EngineTest::Outcome> EngineTest::outcomes(const Uuid& step) {
  std::map<std::string, Outcome> outcomes;
  for (const auto& row : sql("SELECT id, host, status, output_complete FROM attempt WHERE step_id = '" +
                             step.str() + "' ORDER BY host_index")) {
    Outcome outcome;
    outcome.status = db::text(row["status"]);
    outcome.complete = db::boolean(row["output_complete"]);
    for (const auto& chunk : sql("SELECT stream, data FROM output_chunk WHERE attempt_id = '" +
                                 db::text(row["id"]) + "' ORDER BY stream, start_offset")) {
      (db::integer(chunk["stream"]) == 1 ? outcome.standard_output : outcome.standard_error) +=
          db::bytes(chunk["data"]);
    }
    outcomes.emplace(db::text(row["host"]), std::move(outcome));
  }
  return outcomes;
}

}  // namespace runbook::testing
