// The logger: what it lets through, and what it does not.

package controller

import (
	"testing"

	"github.com/go-logr/logr/funcr"
	. "github.com/onsi/gomega"
)

func TestLoggerWithoutBodies(t *testing.T) {
	g := NewWithT(t)
	var lines []string
	talkative := funcr.New(func(_, args string) { lines = append(lines, args) }, funcr.Options{Verbosity: 10})
	l := WithoutBodies(talkative).WithName("operator").WithValues("kind", "PleskCustomer").WithCallDepth(1)
	l.V(7).Info("headers")
	l.V(8).Info("Response Body")
	l.V(10).Info("everything")
	l.Error(nil, "failed")
	g.Expect(lines).To(HaveExactElements(ContainSubstring(`"headers" "kind"="PleskCustomer"`), ContainSubstring("failed")))
}
