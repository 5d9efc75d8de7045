// What the API server itself refuses of approvals.

package v1alpha1_test

import (
	"strings"
	"testing"

	. "github.com/onsi/gomega"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

// An approval of what is no kind of resource with a plan would never be told why it permits nothing.
func TestSchemaOfApprovals(t *testing.T) {
	g := NewWithT(t)
	bed := cluster(t)
	approve := func(kind string) error {
		return bed.Client.Create(t.Context(), &v1alpha1.PleskApproval{
			ObjectMeta: metav1.ObjectMeta{GenerateName: "case-", Namespace: metav1.NamespaceDefault},
			Spec: v1alpha1.PleskApprovalSpec{
				TargetRef: v1alpha1.ApprovalTarget{Kind: kind, Name: "acme"}, Permit: v1alpha1.PermitPlan, Token: strings.Repeat("0f", 16),
			},
		}, client.FieldValidation(metav1.FieldValidationStrict))
	}
	s := runtime.NewScheme()
	g.Expect(v1alpha1.AddToScheme(s)).To(Succeed())
	planned := 0
	for kind, is := range s.KnownTypes(v1alpha1.GroupVersion) {
		o, err := s.New(v1alpha1.GroupVersion.WithKind(kind))
		g.Expect(err).NotTo(HaveOccurred(), "%s", is)
		if _, reconciled := o.(v1alpha1.Object); reconciled {
			planned++
			g.Expect(approve(kind)).To(Succeed(), "%s", kind)
		}
	}
	g.Expect(planned).To(BeNumerically(">", 1))
	for _, kind := range []string{"PleskServer", "PleskApproval", "PleskSuspension", "PleskSubscripton", "pleskcustomer", ""} {
		g.Expect(approve(kind)).To(MatchError(ContainSubstring("spec.targetRef.kind")), "%s", kind)
	}
}
