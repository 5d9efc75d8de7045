// A status in words, and back.

package xmlapi_test

import (
	"testing"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func TestStatusInWords(t *testing.T) {
	g := NewWithT(t)
	for status, words := range map[xmlapi.Status]string{
		0: "Active", 2: "Inherited", 4: "BackupRunning", 8: "SuspendedByAdmin", 16: "DisabledByAdmin", 32: "DisabledByReseller", 64: "DisabledByCustomer",
		256: "Expired", 16 + 2: "DisabledByAdmin,Inherited", 16 + 32 + 64: "DisabledByAdmin,DisabledByReseller,DisabledByCustomer",
	} {
		g.Expect(status.String()).To(Equal(words))
	}
	const own = xmlapi.StatusDisabledByReseller | xmlapi.StatusDisabledByCustomer
	g.Expect(xmlapi.StatusOf((own | 2).Reasons()...)).To(Equal(own), "what has no name is nobody's to write")
	g.Expect((own | 2).Each()).To(Equal([]xmlapi.Status{xmlapi.StatusDisabledByReseller, xmlapi.StatusDisabledByCustomer}))
	g.Expect(xmlapi.StatusOf("Active", "Inherited", "no such reason")).To(BeZero())
}
