// Many small worlds or sites at once, and what failed in any of them.

package conformance

import (
	"errors"
	"fmt"
	"strings"
	"sync"
)

// cell is one of many variations of a promise.
type cell struct {
	name string
	body func()
}

// shownFailures is how many failures of a matrix are told in full.
const shownFailures = 3

// together runs cells side by side, at most limit of them (0: all; worlds wait for a place themselves), and fails with all that failed.
func together(limit int, cells []cell) {
	if len(cells) == 0 {
		panic(failure{"there is nothing to vary"})
	}
	if limit == 0 {
		limit = len(cells)
	}
	slots := make(chan struct{}, limit)
	errs := make([]error, len(cells))
	var all sync.WaitGroup
	for i, c := range cells {
		slots <- struct{}{}
		all.Go(func() {
			defer func() { <-slots }()
			errs[i] = caught(c.body)
		})
	}
	all.Wait()
	var failed []string
	var told []error
	for i, err := range errs {
		if err == nil {
			continue
		}
		failed = append(failed, cells[i].name)
		if len(told) < shownFailures {
			told = append(told, fmt.Errorf("%s: %w", cells[i].name, err))
		}
	}
	if failed != nil {
		panic(failure{fmt.Sprintf("%d of %d failed: %s\n%v", len(failed), len(cells), strings.Join(failed, "; "), errors.Join(told...))})
	}
}
