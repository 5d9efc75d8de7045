// The manager seen from outside: the memory and the processor time of its process, and its requests to the API server.

package main

import (
	"bufio"
	"context"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"
)

// clockTick is the unit of processor time in /proc (USER_HZ, which Linux has fixed).
const clockTick = time.Second / 100

// peakMemory is the largest resident set that a process ever had, in bytes.
func peakMemory(pid int) (float64, error) {
	file := fmt.Sprintf("/proc/%d/status", pid)
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, "VmHWM:"); ok {
			kib, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "kB")), 64)
			return kib * 1024, err
		}
	}
	return 0, fmt.Errorf("%s has no VmHWM", file)
}

// processorTime is what a process has used so far, in user and in kernel mode.
func processorTime(pid int) (time.Duration, error) {
	file := fmt.Sprintf("/proc/%d/stat", pid)
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, err
	}
	_, afterName, _ := strings.Cut(string(text), ") ") // the name may hold blanks
	fields := strings.Fields(afterName)
	const user, kernel = 11, 12 // fields 14 and 15 of proc(5), counted from the third
	if len(fields) <= kernel {
		return 0, fmt.Errorf("%s is not as proc(5) says", file)
	}
	var ticks int64
	for _, at := range []int{user, kernel} {
		n, err := strconv.ParseInt(fields[at], 10, 64)
		if err != nil {
			return 0, fmt.Errorf("%s: %w", file, err)
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick, nil
}

// apiRequests is how many requests a manager has sent to the API server since it started, by its own count.
func apiRequests(ctx context.Context, metricsURL string) (float64, error) {
	sum, found, err := metric(ctx, metricsURL, "rest_client_requests_total{")
	if err == nil && !found {
		return 0, fmt.Errorf("%s has no rest_client_requests_total", metricsURL)
	}
	return sum, err
}

// metric is the sum of the series of a manager that begin so, if there are any.
func metric(ctx context.Context, metricsURL, prefix string) (sum float64, found bool, _ error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, metricsURL, http.NoBody)
	if err != nil {
		return 0, false, err
	}
	answer, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, false, err
	}
	defer func() { _ = answer.Body.Close() }() // it was only read
	if answer.StatusCode != http.StatusOK {
		return 0, false, fmt.Errorf("%s: %s", metricsURL, answer.Status)
	}
	lines := bufio.NewScanner(answer.Body)
	for lines.Scan() {
		series, value, _ := strings.Cut(lines.Text(), "} ")
		if !strings.HasPrefix(series, prefix) {
			continue
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return 0, false, err
		}
		sum, found = sum+n, true
	}
	return sum, found, lines.Err()
}
