// Memory: what the container may have is shared out, so that its limit does not end the process.

package main

import (
	"fmt"
	"math"
	"os"
	"runtime/debug"
	"strconv"
)

// memoryLimit names the environment variable with the container's limit in bytes, from config/manager.
const memoryLimit = "MEMORY_LIMIT"

// mostForAnswers bounds what the answers of all servers take while they are read, however large the container is.
const mostForAnswers = 192 << 20

// containerMemory returns the container's limit in bytes; without one, math.MaxInt64.
func containerMemory() (int64, error) {
	text := os.Getenv(memoryLimit)
	if text == "" {
		return math.MaxInt64, nil
	}
	bytes, err := strconv.ParseInt(text, 10, 64)
	if err != nil || bytes <= 0 {
		return 0, fmt.Errorf("%s=%q: want a number of bytes", memoryLimit, text)
	}
	return bytes, nil
}

// garbage is how much of it may lie about, in per cent of what is in use, before it is collected; Go's own default is 100. Most of the time an operator
// has nothing to do, so its memory costs more than its processor time.
const garbage = 50

// limitMemory has the garbage collector work harder than by default, and harder still before the container's limit is reached: it keeps to nine tenths
// of it, since the rest is what Go does not count itself. Go's own GOGC and GOMEMLIMIT win.
func limitMemory(container int64) {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(garbage)
	}
	if container < math.MaxInt64 && os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(container / 10 * 9)
	}
}

// answerBudget is what the answers of all servers may take while they are read: a quarter of the container's memory. The cache and what has been read
// need the rest.
func answerBudget(container int64) int64 { return min(container/4, mostForAnswers) }
