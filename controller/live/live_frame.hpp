// Binary frames of /live: output on its way to a browser or tool (docs/live-protocol.md). Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "protocol/messages/frame.hpp"

namespace runbook::live {

inline constexpr std::size_t kLiveHeaderBytes = 24;

struct LiveFrame {
  std::uint32_t index = 0;  // from the connection's "stream" event
  Stream stream = Stream::kStdout;
  std::uint64_t offset = 0;      // of the first byte in its stream
  std::uint32_t first_line = 1;  // number of the line the first byte belongs to, from 1
  bool begins_line = false;      // the first byte is the first of its line
  std::string_view data;
};

// All integers big-endian: u8 version 1, u8 kind 1 (output), u8 stream, u8 flags (1: begins a line), u32
// index, u64 offset, u32 first line, u32 newlines in the data; then the data.
std::string encode_live_frame(const LiveFrame& frame);

// Kind 2: what `index` means in the frames that follow, as JSON. The other fields of its header are 0.
std::string encode_stream_frame(std::uint32_t index, std::string_view json);

// As they stand in a file: each frame after its length (u32).
void append_frame_record(std::string& records, std::string_view frame);

}  // namespace runbook::live
