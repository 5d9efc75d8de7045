// Memory: the garbage collector works harder before the container's limit ends the process.

package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
)

// memoryLimit names the environment variable with the container's limit in bytes, from config/manager. Go's own GOMEMLIMIT wins.
const memoryLimit = "MEMORY_LIMIT"

// limitMemory has Go keep to nine tenths of the container's limit: the rest is what it does not count itself.
func limitMemory() error {
	text := os.Getenv(memoryLimit)
	if text == "" || os.Getenv("GOMEMLIMIT") != "" {
		return nil
	}
	bytes, err := strconv.ParseInt(text, 10, 64)
	if err != nil || bytes <= 0 {
		return fmt.Errorf("%s=%q: want a number of bytes", memoryLimit, text)
	}
	debug.SetMemoryLimit(bytes / 10 * 9)
	return nil
}
