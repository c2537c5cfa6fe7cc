#include "db/database.hpp"

#include <fmt/format.h>
#include <poll.h>

#include <mutex>
#include <vector>

#include "db/connection_string.hpp"
#include "db/prepared_statements.hpp"

namespace runbook::db {
namespace {

constexpr std::size_t kQueueLimit = 16'384;
constexpr int kTries = 3;

// One connection and what it has prepared.
struct Session {
  explicit Session(const std::string& parameters) : connection(parameters), statements(connection) {}
  pqxx::connection connection;
  PreparedStatements statements;
};

std::unique_ptr<Session> connect(const std::string& parameters) {
  try {
    auto session = std::make_unique<Session>(parameters);
#if PQXX_VERSION_MAJOR < 7
    // libpqxx 6 replaces a lost session silently, without its settings: it must fail instead.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    session->connection.inhibit_reactivation(true);
#pragma GCC diagnostic pop
#endif
    return session;
  } catch (const pqxx::broken_connection& error) {
    throw DatabaseUnavailable(fmt::format("PostgreSQL does not answer: {}", one_line(error.what())));
  }
}

// An idle session has nothing to read. Input means the server said goodbye (or a setting changed): not to be
// used.
bool is_stale(const pqxx::connection& session) {
  if (!session.is_open()) return true;
  pollfd socket{session.sock(), POLLIN, 0};
  return poll(&socket, 1, 0) != 0;
}

// What was prepared is not there any more (a pooler gave the session to others) or answers with other columns
// since a migration: a new session does it right.
bool is_outdated(std::string_view state, std::string_view message) {
  return state == "26000" || (state == "0A000" && message.find("cached plan") != std::string_view::npos);
}

// SQLSTATE classes that say "not now" and not "wrong": lost or refused connections, shutdown, out of time or
// room.
bool is_outage(std::string_view state) {
  return state.starts_with("08") || state.starts_with("53") || state.starts_with("57") ||
         state.starts_with("58") || state == "25P03" || state == "25006";
}

}  // namespace

struct Database::Impl {
  explicit Impl(const DatabaseSettings& settings)
      : parameters(connection_string(settings)),
        limit(settings.connections),
        pool(settings.connections, kQueueLimit) {}

  std::unique_ptr<Session> take() {
    while (true) {
      std::unique_ptr<Session> session;
      {
        const std::lock_guard lock{mutex};
        if (idle.empty()) break;
        session = std::move(idle.back());
        idle.pop_back();
      }
      if (!is_stale(session->connection)) return session;
    }
    return connect(parameters);
  }

  void give_back(std::unique_ptr<Session> session) {
    const std::lock_guard lock{mutex};
    if (idle.size() < limit && session->connection.is_open()) idle.push_back(std::move(session));
  }

  std::string parameters;
  std::size_t limit;
  std::mutex mutex;
  std::vector<std::unique_ptr<Session>> idle;
  runtime::BlockingPool pool;  // last: its threads use the rest
};

Database::Database(DatabaseSettings settings) : impl_(std::make_unique<Impl>(settings)) {}
Database::~Database() = default;

runtime::BlockingPool& Database::pool() { return impl_->pool; }

void Database::run(const std::string& name, const std::function<bool(pqxx::work&)>& body) {
  for (int attempt = 1;; ++attempt) {
    auto session = impl_->take();
    const auto lost = [&name](const std::exception& error) {
      return fmt::format("{}: {}", name, one_line(error.what()));
    };
    try {
      {
        const PreparedStatements::Scope scope{session->statements};
        pqxx::work work{session->connection};
        if (body(work)) work.commit();
      }
      impl_->give_back(std::move(session));
      return;
    } catch (const pqxx::in_doubt_error& error) {
      throw CommitInDoubt(lost(error));
    } catch (const pqxx::broken_connection& error) {
      throw DatabaseUnavailable(lost(error));
    } catch (const pqxx::transaction_rollback& error) {  // serialization failure or deadlock
      if (!session->connection.is_open() || attempt == kTries) throw DatabaseUnavailable(lost(error));
      impl_->give_back(std::move(session));
    } catch (const pqxx::sql_error& error) {
      const bool open = session->connection.is_open();
      if (!open || is_outage(error.sqlstate())) throw DatabaseUnavailable(lost(error));
      if (is_outdated(error.sqlstate(), error.what()) && attempt < kTries) continue;
      impl_->give_back(std::move(session));
      throw;
    } catch (const std::exception& error) {
      if (!session->connection.is_open()) throw DatabaseUnavailable(lost(error));
      impl_->give_back(std::move(session));
      throw;
    }
  }
}

}  // namespace runbook::db
