package main

import (
	"bytes"
	"fmt"
	"os"
	"time"
)

// usage is the processor time that a process has used (proc(5): utime and
// stime, behind the name in brackets, in hundredths of a second).
func usage(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	var user, system int64
	if len(fields) < 13 {
		return 0
	}
	if _, err := fmt.Sscan(string(fields[11])+" "+string(fields[12]), &user, &system); err != nil {
		return 0
	}
	return time.Duration(user+system) * (time.Second / 100)
}
