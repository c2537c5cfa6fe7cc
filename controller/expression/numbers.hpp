// Numbers of CEL compared and converted across int, uint and double. Pure.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string_view>

#include "controller/expression/value.hpp"

namespace runbook::expression {

// The same number as the other type, when it has exactly that one.
std::optional<std::int64_t> exact_int(const Value& number);
std::optional<std::uint64_t> exact_uint(const Value& number);

// Towards zero; none when the result is out of range. The ends ±2^63 themselves count as out of range,
// because a double there stands for numbers on both sides.
std::optional<std::int64_t> truncated_int(double number);
std::optional<std::uint64_t> truncated_uint(double number);

// Of two numbers of whatever types. Beside a double an integer counts as the nearest double.
std::partial_ordering compare_numbers(const Value& left, const Value& right);

// Decimal text, all of it, with an optional sign; none when it is no such number or out of range.
std::optional<std::int64_t> parse_int(std::string_view text);
std::optional<std::uint64_t> parse_uint(std::string_view text);  // without a sign
// Also NaN, Infinity, Inf, in any case.
std::optional<double> parse_double(std::string_view text);

}  // namespace runbook::expression
