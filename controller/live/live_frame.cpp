#include "controller/live/live_frame.hpp"

#include <algorithm>

namespace runbook::live {
namespace {

constexpr char kVersion = 1;
constexpr char kOutput = 1;
constexpr char kStream = 2;
constexpr char kBeginsLine = 1;

template <class T>
void put(std::string& out, T value) {
  for (int shift = static_cast<int>(sizeof(T)) * 8 - 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>(value >> shift & 0xFF));
  }
}

}  // namespace

std::string encode_live_frame(const LiveFrame& frame) {
  std::string out;
  out.reserve(kLiveHeaderBytes + frame.data.size());
  out.push_back(kVersion);
  out.push_back(kOutput);
  out.push_back(static_cast<char>(frame.stream));
  out.push_back(frame.begins_line ? kBeginsLine : 0);
  put(out, frame.index);
  put(out, frame.offset);
  put(out, frame.first_line);
  put(out, static_cast<std::uint32_t>(std::ranges::count(frame.data, '\n')));
  out += frame.data;
  return out;
}

std::string encode_stream_frame(std::uint32_t index, std::string_view json) {
  std::string out{kVersion, kStream, 0, 0};
  put(out, index);
  out.resize(kLiveHeaderBytes, 0);
  out += json;
  return out;
}

void append_frame_record(std::string& records, std::string_view frame) {
  put(records, static_cast<std::uint32_t>(frame.size()));
  records += frame;
}

}  // namespace runbook::live
