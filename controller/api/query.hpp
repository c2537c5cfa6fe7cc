// QueryReader: typed reading of a request's query. Wrong, repeated and unknown parameters become faults whose
// pointer is
// "/" and the parameter's name.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "controller/domain/json_reader.hpp"
#include "controller/domain/selector.hpp"
#include "controller/http/message.hpp"
#include "controller/store/page.hpp"

namespace runbook::api {

class QueryReader {
 public:
  explicit QueryReader(const http::Request& request) : request_(request) {}

  std::optional<std::string> text(std::string_view name);
  // A text to look for: not empty, not too long.
  std::optional<std::string> search(std::string_view name);
  std::optional<std::string> one_of(std::string_view name, std::span<const std::string_view> words);
  std::optional<std::string> one_of(std::string_view name, std::initializer_list<std::string_view> words);
  std::optional<std::uint64_t> number(std::string_view name, std::uint64_t least, std::uint64_t most);
  bool flag(std::string_view name);  // "true" or "false"
  std::optional<Uuid> uuid(std::string_view name);
  std::optional<Time> time(std::string_view name);
  std::optional<domain::Selector> selector(std::string_view name);
  store::PageRequest page();  // limit and cursor
  std::size_t limit();

  void fault(std::string_view name, std::string_view code, std::string message);
  // Refuses what nothing asked for. Call last; an error names every fault.
  Result<void> judged();

 private:
  const http::Request& request_;
  domain::Faults faults_;
  std::vector<std::string_view> known_;
};

}  // namespace runbook::api
