// Uses: what objects name is known for every kind.

package controller

import (
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
)

func TestUses(t *testing.T) {
	scheme := runtime.NewScheme()
	if err := v1alpha1.AddToScheme(scheme); err != nil {
		t.Fatal(err)
	}
	uses, err := Uses(scheme)
	if err != nil {
		t.Fatal(err)
	}
	if len(uses) != len(Kinds()) {
		t.Errorf("%d kinds have uses, of %d", len(uses), len(Kinds()))
	}
	subscription := &v1alpha1.PleskSubscription{ObjectMeta: metav1.ObjectMeta{Name: "acme"}}
	subscription.Spec.CustomerRef = &v1alpha1.ObjectReference{Name: "ada"}
	subscription.Spec.ServicePlanRef = &v1alpha1.ObjectReference{External: "gold"}
	met := map[string]bool{}
	for _, u := range uses["PleskSubscription"](subscription).Objects {
		met[u.Path+" "+u.Kind+" "+u.Name+u.External] = u.Parent
	}
	if parent, ok := met["spec.customerRef PleskCustomer ada"]; !ok || !parent {
		t.Errorf("it lies in its customer: %v", met)
	}
	if parent, ok := met["spec.servicePlanRef PleskServicePlan gold"]; !ok || parent {
		t.Errorf("it has a plan: %v", met)
	}
	key := &v1alpha1.PleskSecretKey{}
	key.Spec.SecretRef = v1alpha1.SecretKeySelector{Name: "key", Key: "secretKey"}
	if told := uses["PleskSecretKey"](key).Told; told == nil || told.Name != "key" {
		t.Errorf("what the server tells is kept: %v", told)
	}
}
