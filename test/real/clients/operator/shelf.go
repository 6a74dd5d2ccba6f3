package main

import (
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Shelf is the operator's own kind: a Deployment with a replica for each book.
type Shelf struct {
	metav1.TypeMeta   `json:",inline"`
	metav1.ObjectMeta `json:"metadata,omitempty"`
	Spec              ShelfSpec   `json:"spec"`
	Status            ShelfStatus `json:"status,omitempty"`
}

type ShelfSpec struct {
	Books int32  `json:"books"`
	Room  string `json:"room,omitempty"`
}

type ShelfStatus struct {
	Books      int32              `json:"books"`
	Conditions []metav1.Condition `json:"conditions,omitempty"`
}

type ShelfList struct {
	metav1.TypeMeta `json:",inline"`
	metav1.ListMeta `json:"metadata,omitempty"`
	Items           []Shelf `json:"items"`
}

var groupVersion = schema.GroupVersion{Group: "library.test", Version: "v1"}

func addToScheme(scheme *runtime.Scheme) error {
	scheme.AddKnownTypes(groupVersion, &Shelf{}, &ShelfList{})
	metav1.AddToGroupVersion(scheme, groupVersion)
	return nil
}

func (shelf *Shelf) DeepCopyObject() runtime.Object {
	copied := *shelf
	shelf.ObjectMeta.DeepCopyInto(&copied.ObjectMeta)
	copied.Status.Conditions = append([]metav1.Condition(nil), shelf.Status.Conditions...)
	return &copied
}

func (list *ShelfList) DeepCopyObject() runtime.Object {
	copied := *list
	list.ListMeta.DeepCopyInto(&copied.ListMeta)
	copied.Items = make([]Shelf, len(list.Items))
	for index := range list.Items {
		copied.Items[index] = *list.Items[index].DeepCopyObject().(*Shelf)
	}
	return &copied
}
