// Package v1alpha1 holds the custom resources of plesk-operator.dev/v1alpha1: Plesk servers and what lives on them.
// +kubebuilder:object:generate=true
// +groupName=plesk-operator.dev
package v1alpha1

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// GroupVersion is the group and version of every kind in this package.
var GroupVersion = schema.GroupVersion{Group: "plesk-operator.dev", Version: "v1alpha1"}

// AddToScheme registers every kind of this package.
func AddToScheme(s *runtime.Scheme) error {
	s.AddKnownTypes(GroupVersion, allKinds()...)
	metav1.AddToGroupVersion(s, GroupVersion)
	return nil
}
