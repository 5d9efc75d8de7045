// What is said when a server cannot be read holds none of its credentials.

package export

import (
	"errors"
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/controller/controllertest"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func TestARefusalAtTheDoorQuotesNoPassword(t *testing.T) {
	g := NewWithT(t)
	sim, _ := controllertest.Simulated(t)
	sim.Inject(plesksim.Fault{Operator: "server", Operation: "get", Code: 1014, Text: "refused " + plesksim.DefaultPassword + "\x1b[2K"})
	srv, credentials := login(sim)
	_, err := Open(t.Context(), srv, credentials, nil, engine.Reach{Addresses: xmlapi.Loopback}, "test")
	g.Expect(err).To(MatchError(ContainSubstring("refused [redacted]")))
	g.Expect(err.Error()).NotTo(ContainSubstring("\x1b"))
	_, typed := errors.AsType[*xmlapi.Error](err)
	g.Expect(typed).To(BeTrue(), "what it is can be told by its type")
}
