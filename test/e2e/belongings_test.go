// What is bound to an account and goes with it, though it lies in no subscription.

package e2e

import (
	"strconv"

	. "github.com/onsi/ginkgo/v2"
	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/secretkey"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi/ui"
)

var _ = Describe("The deletion of a customer", func() {
	It("is held back by keys and buttons that nobody describes", func() {
		w := readyWorld(deletes)
		acme := newCustomer("acme")
		w.create(acme)
		w.eventuallyReady(acme)
		_, err := secretkey.Create.One(w, w.plesk, secretkey.CreateRequest{Login: new("acme"), Description: new("by hand")})
		Expect(err).NotTo(HaveOccurred())
		id, err := strconv.ParseInt(acme.Status.ID, 10, 64)
		Expect(err).NotTo(HaveOccurred())
		_, err = ui.CreateCustomButton.One(w, w.plesk, ui.CreateCustomButtonRequest{Owner: ui.Owner{CustomerID: &id}, Properties: ui.CustomButtonProperties{
			Place: ui.PlaceClient, URL: "https://help.example", Text: "Help",
		}})
		Expect(err).NotTo(HaveOccurred())
		w.delete(acme)
		w.eventuallySays(acme, v1alpha1.ReasonDeletionBlocked, "by hand of acme", "Help", "PleskApproval")
		Expect(w.customerOnServer("acme")).NotTo(BeNil())
	})
})
