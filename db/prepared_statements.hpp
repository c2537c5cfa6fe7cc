// PreparedStatements: what one session has prepared, by the statement's text. It belongs to the session and
// goes with it. A statement is prepared when it comes for the second time, so that what runs once costs one
// round trip. Used by one thread at a time.
#pragma once

#include <pqxx/pqxx>

#include <cstddef>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace runbook::db {

class PreparedStatements {
 public:
  using Connection = std::remove_reference_t<decltype(std::declval<const pqxx::transaction_base&>().conn())>;
  static constexpr std::size_t kLimit = 500;  // a session; statements beyond are sent as text

  explicit PreparedStatements(Connection& connection) : connection_(&connection) {}

  // The name `sql` has in the session, preparing it if need be; nothing: send the text. Throws what the
  // server says of the statement.
  const std::string* name_of(const std::string& sql);
  std::size_t size() const { return prepared_; }

  // For the calling thread, the statements of the session whose transaction it runs: exec() (parameters.hpp)
  // finds them here.
  class Scope {
   public:
    explicit Scope(PreparedStatements& statements);
    Scope(const Scope&) = delete;
    Scope& operator=(const Scope&) = delete;
    ~Scope();

   private:
    PreparedStatements* before_;
  };
  // Those of `work`'s session, nullptr when it has none.
  static PreparedStatements* of(const pqxx::transaction_base& work);

 private:
  Connection* connection_;
  std::unordered_map<std::string, std::string> names_;  // by text; empty: seen once, not prepared
  std::size_t prepared_ = 0;
};

}  // namespace runbook::db
